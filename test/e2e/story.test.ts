import { readdir } from 'node:fs/promises';
import { ask } from '../support/http';
import { isLongRun } from '../support/long-run';
import { FREE_PORTS, Program, run } from '../support/program';
import { inTemporaryFolder } from '../support/temporary-folder';

/** What the story of the rollback must tell, in this order. */
const TOLD = [
  /^token: \S+$/m,
  /Dark launch/,
  /> armed; mirror on for 100 %/,
  /> canary-10 \(2 of 4\), 10 %, by pointsman: every gate of dark-launch is open/,
  /> canary-25 \(3 of 4\), 25 %, by pointsman: every gate of canary-10 is open/,
  /> new: \d+ % of the commands, 100\.0 % applied/,
  /The new path breaks/,
  /> rolled back to 0 % by (guard|pointsman) at \S+, generation 2, latched/,
  /> revision \d+: 25 % → 0 % by/,
  /> evidence: rule /,
  /> legacy: 100 % of the commands, 100\.0 % applied/,
  /> refused: latched since [^]*release[\s>]+--reason[\s>]+"…"[\s>]+\(409[\s>]+rollout\.latched\)/,
  /> released; manual, 0 %, generation 3/,
  /== The end/,
];

describe('pointsman demo --scenario', () => {
  it(
    'rollback plays to its end without anybody, and leaves nothing behind',
    () =>
      inTemporaryFolder(async (folder) => {
        // Other tests run demonstrations too, each leaving and removing folders of its own.
        const story = new Program(['demo', '--scenario', 'rollback'], { ...FREE_PORTS, TMPDIR: folder });
        const url = (await story.printed(/API +(http:\/\/[\d.:]+)/))[1] ?? '';
        const { code, out, err } = await story.end();
        expect({ code, err }).toEqual({ code: 0, err: '' });
        let at = 0;
        for (const pattern of TOLD) {
          const found = pattern.exec(out.slice(at));
          expect({ pattern, found: found !== null, after: out.slice(at, at + 200) }).toMatchObject({
            found: true,
          });
          at += (found?.index ?? 0) + 1;
        }
        await expect(ask(url, { path: '/healthz' })).rejects.toThrow(/ECONNREFUSED/);
        const left = await readdir(folder);
        expect(left.filter((name) => name.startsWith('pointsman-demo-'))).toEqual([]);
      }),
    240_000,
  );

  it('can be watched while it plays, and ends with 1 where it is stopped before its end', async () => {
    const story = new Program(['demo', '--scenario', 'full'], FREE_PORTS);
    const token = (await story.printed(/^token: (\S+)$/m))[1] ?? '';
    const url = (await story.printed(/API +(http:\/\/[\d.:]+)/))[1] ?? '';
    await story.printed(/> armed/);
    const { code, out } = await run(['status'], { POINTSMAN_URL: url, POINTSMAN_TOKEN: token });
    expect([code, out]).toEqual([0, expect.stringContaining('removal-ready')]);
    story.signal('SIGINT');
    const ended = await story.end();
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^pointsman: stopped at ".*", before the end of the story\n$/);
  }, 120_000);

  if (isLongRun)
    it('full climbs to the top, with one rollback on the way, and is told that legacy must stay', async () => {
      const { code, out } = await run(['demo', '--scenario', 'full'], FREE_PORTS);
      expect(code).toBe(0);
      expect(out.match(/> rolled back to 0 %/g)).toHaveLength(1);
      expect(out).toMatch(/> removal-ready \(10 of 10\), 100 %, by pointsman/);
      expect(out).toMatch(/> no:\n/);
    }, 600_000);

  it.each([['--scenario', 'nonsense'], ['--keep'], ['--scenario', 'rollback', '--config', 'x.yaml']])(
    'is refused when it is used wrongly: %s %s',
    async (...args) => {
      expect((await run(['demo', ...args])).code).toBe(2);
    },
  );
});
