import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/kernel/random';
import type { AuditEntry } from '../../src/rollout/document';
import { isLongRun, testSeed } from '../support/long-run';
import { Ramp } from '../support/ramp';
import { Play } from '../support/ramp-play';
import { breachesOf } from '../support/ramp-trail';
import { RedisLab } from '../support/redis-server';
import { storyOf, type Mark } from '../support/story';

const DOCS = join(__dirname, '..', '..', 'docs');
const STORY = join(DOCS, 'story.md');
const ZONE = 'Europe/Berlin';
/** Some weeks before the clocks go forward, on 29 March, and back, on 25 October. */
const SPRING = Date.UTC(2026, 2, 15, 10);
const AUTUMN = Date.UTC(2026, 8, 28, 10);
const SEEDS = Array.from({ length: isLongRun ? 20 : 1 }, (_, at) => testSeed() + at);
const BEGINNINGS = isLongRun ? [SPRING, AUTUMN] : [AUTUMN];

/** So many days into the validation its failed day is over: it is the third whole one. */
const FAILED_AFTER_DAYS = 5;

const WINDOW = "- { kind: window, name: night, window: { from: '02:00', to: '05:00' } }";
const BUDGET = '- { kind: budget, name: error budget, above: 20 }';
const APPROVAL = '- { kind: approval, name: a second pair of eyes, role: operator }';

/** The ladder of the documentation with hours of a zone that changes its clocks, for each step, and an approval. */
function ladder(): string {
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(DOCS, 'rollout.md'), 'utf8')) ?? [];
  return text
    .replace('zone: UTC', `zone: ${ZONE}`)
    .replace(/ *- { kind: window,.*\n/, '')
    .replaceAll('    gates:\n', `    gates:\n      ${WINDOW}\n`)
    .replace(BUDGET, `${BUDGET}\n      ${APPROVAL}`);
}

/** Hour and minute on the wall in Berlin, worked out by the machine's own tables. */
function berlin(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeStyle: 'short', hourCycle: 'h23' }).format(
    Date.parse(at),
  );
}

interface Played {
  readonly trail: readonly AuditEntry[];
  readonly marks: readonly Mark[];
  readonly breaches: readonly string[];
}

describe('a whole ramp', () => {
  const lab = new RedisLab();
  let ramp: Ramp | undefined;
  afterEach(async () => {
    await ramp?.end();
    await lab.close();
  });

  async function play(seed: number, beginMs: number, rough: boolean): Promise<Played> {
    const redis = await lab.server('--appendonly', 'yes', '--appendfsync', 'always');
    ramp = await Ramp.begin({ redis, ladder: ladder(), beginMs });
    const outages = ['dark-launch', 'canary-50', 'validation'];
    await new Play(ramp, { random: seededRandom(seed), rough, outages }).run();
    const trail = await ramp.trail();
    expectByTheLadder(trail);
    return { trail, breaches: [...ramp.breaches, ...breachesOf(trail)], marks: ramp.marks };
  }

  /** The machine's own steps: one stage at a time, and in the hours of the window, whatever the clocks do. */
  function expectByTheLadder(trail: readonly AuditEntry[]): void {
    const own = trail.filter(({ action, by }) => action === 'promote' && by === 'pointsman');
    expect(own.length).toBeGreaterThan(4);
    for (const { at } of own) expect(berlin(at) >= '02:00' && berlin(at) < '05:00').toBe(true);
    const last = trail.at(-1);
    expect(last).toMatchObject({ action: 'promote', after: { stage: 'removal-ready', percentage: 100 } });
    // Ben may go on from the validation when it has hardly begun: its failed day then never comes.
    const judged = trail.filter(
      ({ action, after }) => action === 'days_judged' && after.stage === 'validation',
    );
    const isReset = trail.some(({ action }) => action === 'clock_reset');
    expect(isReset || judged.length < FAILED_AFTER_DAYS).toBe(true);
    expect(trail.some(({ action, by }) => action === 'rollback' && by === 'pointsman')).toBe(true);
  }

  test('tells a story that can be read, the same one each time (docs/story.md)', async () => {
    const { trail, marks, breaches } = await play(1, SPRING, false);
    expect(breaches).toEqual([]);
    const story = storyOf(trail, marks, ZONE);
    const page = readFileSync(STORY, 'utf8');
    const told = page.replace(/```text\n[\s\S]*?```/, () => `\`\`\`text\n${story}\`\`\``);
    if (process.env.POINTSMAN_TEST_WRITE === '1') writeFileSync(STORY, told);
    else expect(page).toBe(told);
  }, 120_000);

  test.each(SEEDS.flatMap((seed) => BEGINNINGS.map((begin) => [seed, begin] as const)))(
    'keeps every promise, whoever fights it, whatever is restarted (seed %i, from %i)',
    async (seed, begin) => {
      const { breaches } = await play(seed, begin, true);
      expect(breaches).toEqual([]);
    },
    120_000,
  );
});
