import type { HistoryView } from '../../src/api/schemas/history';
import { startApplication, startFleet, type TestApplication } from '../support/application';
import { cli } from '../support/cli';
import { ask } from '../support/http';

describe('pointsman drill', () => {
  let application: TestApplication;

  const run = (...args: string[]) => cli({ POINTSMAN_URL: application.url }, ...args);
  const view = async () => (await ask(application.url, { path: '/v1/rollout' })).body;

  afterEach(() => application.stop());

  it('rehearses the way back beside the real devices, and keeps how long it took', async () => {
    application = await startApplication({
      settings: { rollout: { seedPercentage: 25 }, guard: { latencyThresholdMs: 300 } },
    });
    const fleet = await startFleet(application, { size: 4 });
    const drilled = await run('drill', '--reason', 'before the next stage');
    fleet.stop();
    expect(drilled).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^legacy served everybody \d+(\.\d+)? s after new had fallen silent; recorded\n$/,
      ),
    });
    expect(await view()).toMatchObject({
      plan: { percentage: 25, generation: 1 },
      automation: { kind: 'manual' },
      lastDrill: { seconds: expect.any(Number) },
    });
    expect(fleet.totals().executed).toBe(0);
    const { entries } = (await ask(application.url, { path: '/v1/rollout/history?limit=1' }))
      .body as HistoryView;
    expect(entries).toMatchObject([
      { action: 'drill', reason: 'before the next stage', evidence: { rule: 'run', measured: 'here' } },
    ]);
    expect((await run('status')).out).toContain('rollback rehearsed');
  });

  it('is refused where the guard is switched off, and changes nothing', async () => {
    application = await startApplication({ settings: { guard: { enabled: false } } });
    const { code, err } = await run('drill', '--reason', 'x');
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('guard.enabled') });
    expect(await view()).toMatchObject({ plan: { percentage: 0 }, lastDrill: null });
  });
});
