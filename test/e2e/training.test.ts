import { isRun, runnable, Shell, syntaxFault } from '../support/documented-commands';
import { commandsIn, readPage, type Block } from '../support/markdown';
import { FREE_PORTS, Program } from '../support/program';

const page = readPage('docs/training.md');

/** Commands, and the lines that are to be seen when they ran. */
interface Step {
  readonly block: Block;
  readonly seen: readonly string[];
}

const steps = page.blocks.flatMap((block, at): Step[] => {
  const next = page.blocks[at + 1];
  if (!isRun(block)) return [];
  return [{ block, seen: next?.language === 'text' ? next.text.split('\n') : [] }];
});

/** `…` stands for anything. */
function patternOf(line: string): RegExp {
  const parts = line
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*').replaceAll(/ +/g, ' +'));
}

function exitsOf({ attributes }: Block): number[] {
  const [, codes = '0'] = attributes.find((text) => text.startsWith('exits='))?.split('=') ?? [];
  return codes.split(',').map(Number);
}

/** On a machine that does much else. */
jest.setTimeout(60_000);

describe('the exercises', () => {
  let demo: Program;
  let shell: Shell;

  beforeAll(async () => {
    demo = new Program(['demo'], FREE_PORTS);
    const token = (await demo.printed(/^token: (\S+)$/m))[1] ?? '';
    const url = (await demo.printed(/API +(http:\/\/[\d.:]+)/))[1] ?? '';
    const device = (await demo.printed(/explain ([0-9a-f]{8})/))[1] ?? '';
    await demo.printed(/\d+\/200 devices/);
    shell = new Shell({ POINTSMAN_URL: url, POINTSMAN_TOKEN: token, DEVICE: device });
  });

  afterAll(async () => {
    demo.signal('SIGTERM');
    await demo.end();
    shell.dispose();
  });

  // In order: each begins where the one before it ended.
  test.each(steps.map((step) => [step.block.line, step] as const))(
    'line %d does what it says, and shows it',
    async (_line, { block, seen }) => {
      let out = '';
      for (const command of commandsIn(block.text)) {
        const ended = await shell.run(command);
        out += ended.out;
        expect({ command, out, known: exitsOf(block).includes(ended.code ?? -1) }).toEqual({
          command,
          out,
          known: true,
        });
      }
      expect({ out, missing: seen.filter((line) => !patternOf(line).test(out)) }).toEqual({
        out,
        missing: [],
      });
    },
  );
});

test('what is only shown can be read by a shell', () => {
  for (const block of page.blocks.filter((each) => each.language === 'sh' && !isRun(each)))
    expect(syntaxFault(block.text)).toBe('');
  expect(runnable(page).length).toBeGreaterThan(20);
});
