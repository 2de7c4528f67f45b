import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FREE_PORTS } from '../support/program';
import { inTemporaryFolder } from '../support/temporary-folder';

const SERVER = join(__dirname, '..', '..', 'dist', 'main.js');

async function start(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ code: unknown; err: string }> {
  const env = { PATH: process.env.PATH ?? '', ...FREE_PORTS, ...environment };
  const server = spawn(process.execPath, [SERVER], { cwd: folder, env });
  const [[code], err] = await Promise.all([once(server, 'close'), text(server.stderr)]);
  return { code, err };
}

/** A configuration that holds this, beside a state directory. */
function configured(folder: string, yaml: string): Record<string, string> {
  const file = join(folder, 'pointsman.yaml');
  writeFileSync(file, yaml);
  return { POINTSMAN_CONFIG: file, POINTSMAN_STATE_DIR: join(folder, 'state') };
}

describe('a server that cannot start', () => {
  it.each([
    [
      'a variable that does not exist',
      '',
      { POINTSMAN_HTTP_PRT: '1' },
      'POINTSMAN_HTTP_PRT: no such variable',
    ],
    ['a key that does not exist', 'htp: {}\n', {}, 'Unrecognized key: "htp"'],
    ['a ladder that is not there', 'rollout: { ladderFile: none.yaml }\n', {}, 'none.yaml has a fault'],
    ['tokens that are not there', 'tokensFile: none.yaml\n', {}, 'the tokens file none.yaml cannot be read'],
  ])('says so in one line and ends with 1: %s', (_, yaml, environment, sentence) =>
    inTemporaryFolder(async (folder) => {
      const { code, err } = await start(folder, { ...configured(folder, yaml), ...environment });
      expect(err).toMatch(/^pointsman: [^\n]*\n$/);
      expect(err).toContain(sentence);
      expect(code).toBe(1);
    }),
  );
});
