import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ticker } from '../../src/rollout/ticker';
import { startApplication, startFleet, type TestApplication } from '../support/application';
import { cli } from '../support/cli';
import { ask } from '../support/http';

interface Report {
  readonly source: string;
  readonly objectives: readonly {
    name: string;
    new: { all: number } | null;
    legacy: { all: number } | null;
  }[];
}

describe('reports of a running server', () => {
  let application: TestApplication;

  beforeEach(async () => {
    application = await startApplication({ settings: { replicas: { tickMs: 3_600_000 } } });
  });

  afterEach(() => application.stop());

  const run = (...args: string[]) => cli({ POINTSMAN_URL: application.url }, ...args);

  it('count what went over each transport, and know of no day before the process was', async () => {
    const fleet = await startFleet(application, { size: 2 });
    const [moved, stayed] = fleet.devices.map(({ id }) => id) as [string, string];
    await run('pin', moved, 'new', '--reason', 'x', '--yes');
    for (const id of [moved, stayed, stayed])
      await ask(application.url, {
        path: `/v1/devices/${id}/commands`,
        body: { command: 'power', on: true },
      });
    await application.container.get(Ticker).tick();
    fleet.stop();

    const { status, body } = await ask(application.url, { path: '/v1/slos/report?days=2' });
    expect(status).toBe(200);
    const { source, objectives } = body as Report;
    expect(source).toBe('process');
    expect(objectives.find(({ name }) => name === 'command-success')).toMatchObject({
      new: { all: 1, bad: 0 },
      legacy: { all: 2, bad: 0 },
      result: 'insufficient',
      days: [{ result: 'unmeasured', new: null }, { result: 'insufficient' }],
    });
    const { code, out } = await run('report', '--days', '2');
    expect(code).toBe(0);
    expect(out).toContain('| command-success | 99.9 % | insufficient | 100 % | 100 % | 1 |');
    expect(out).toMatch(/\| \d{4}-\d\d-\d\d \| unmeasured \|/);
  });

  it.each(['days=0', 'days=91', 'days=x', 'until=yesterday', 'dayz=3'])('refuse %s', async (query) => {
    expect((await ask(application.url, { path: `/v1/slos/report?${query}` })).status).toBe(400);
  });

  it('are written to a file, and printed as JSON', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pointsman-report-'));
    const file = join(folder, 'r.html');
    expect(await run('report', '--format', 'html', '--out', file)).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^<!doctype html>[^]*<h1>The move to the new transport: SLO compliance of default<\/h1>/,
    );
    rmSync(folder, { recursive: true });
    const { out } = await run('report', '--days', '3', '--output', 'json');
    expect(JSON.parse(out)).toMatchObject({ kind: 'pointsman-slo-compliance', period: { days: 3 } });
    expect((await run('report', '--out', '/dev/null/r.md')).err).toMatch(/cannot be written/);
  });

  it('have the rollback, how long it lasted, and who ended it', async () => {
    await run('rollback', '--reason', 'kitchen lights do not answer');
    await run('release', '--reason', 'they do again');
    const { out } = await run('report', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      incidents: { counted: 1, open: 0, list: [{ automatic: false, ended: 'they do again' }] },
      rollbacks: [
        { cause: 'kitchen lights do not answer', evidence: 'by hand, without evidence of the machine' },
      ],
    });
  });

  it('answer that legacy may not be removed, with what to do, and an exit code of their own', async () => {
    const { code, out, err } = await run('legacy');
    expect(code).toBe(9);
    expect(out).toMatch(/^may legacy be removed\? no/);
    expect(out).toMatch(/^no +validation passed +the rollout stands in dark-launch/m);
    expect(out).toMatch(/rollback rehearsed: rehearse a rollback and record it: pointsman drill/);
    expect(err).toContain('legacy may not be removed yet: validation passed');
  });

  it('know of a rehearsal once it was recorded', async () => {
    expect((await run('drill', '--seconds', '2.5', '--reason', 'on the test fleet')).code).toBe(0);
    const { out } = await run('legacy', '--output', 'json');
    const { items } = JSON.parse(out) as { items: { name: string; answer: string; finding: string }[] };
    expect(items.find(({ name }) => name === 'rollback rehearsed')).toMatchObject({ answer: 'yes' });
    expect((await run('drill', '--seconds', '-1', '--reason', 'x')).code).toBe(2);
  });
});
