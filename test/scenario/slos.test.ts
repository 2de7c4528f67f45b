import type { Fleet } from '../../src/simulator/fleet';
import { Ticker } from '../../src/rollout/ticker';
import { startApplication, startFleet, type TestApplication } from '../support/application';
import { ask } from '../support/http';

interface Slos {
  readonly at: string | null;
  readonly verdict: string;
  readonly objectives: readonly { name: string; verdict: string; all: number | null; evidence: string }[];
}

const slos = async ({ url }: TestApplication): Promise<Slos> =>
  (await ask(url, { path: '/v1/slos' })).body as Slos;
const metrics = async ({ ports }: TestApplication): Promise<string> =>
  (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();

describe('the objectives of a running server', () => {
  let application: TestApplication;
  let fleet: Fleet | undefined;

  afterEach(async () => {
    fleet?.stop();
    fleet = undefined;
    await application.stop();
  });

  it('are all there, and judged from its own counters where no Prometheus is named', async () => {
    application = await startApplication({ settings: { replicas: { tickMs: 3_600_000 } } });
    fleet = await startFleet(application, { size: 4 });
    await ask(application.url, {
      method: 'PUT',
      path: '/v1/rollout/percentage',
      body: { percentage: 25, reason: 'x' },
    });
    await ask(application.url, {
      method: 'PUT',
      path: '/v1/rollout/pins',
      body: { pins: { [fleet.devices[0]?.id as string]: 'new' }, reason: 'one surely on new' },
    });
    for (const { id } of fleet.devices)
      await ask(application.url, {
        path: `/v1/devices/${id}/commands`,
        body: { command: 'power', on: true },
      });
    await application.container.get(Ticker).tick();

    const { at, objectives } = await slos(application);
    expect(at).not.toBeNull();
    expect(objectives.map(({ name }) => name)).toEqual([
      'command-success',
      'command-latency',
      'packet-loss',
      'decode-errors',
      'queue-full',
    ]);
    const [success] = objectives;
    expect(success?.verdict).toBe('insufficient');
    expect(success?.all).toBeGreaterThanOrEqual(1);
    expect(success?.evidence).toContain('of 2,995 events seen');
    const text = await metrics(application);
    expect(text).toMatch(/tcp_comm_slo_compliance\{objective="command-success",transport="new"\} 1\n/);
    expect(text).toMatch(/tcp_comm_slo_verdict\{objective="command-success",verdict="insufficient"\} 1\n/);
    expect(text).toMatch(/tcp_comm_build_info\{version="[^"]+",environment="default",replica="[^"]+"\} 1\n/);
  });

  it('are unknown, and pause an armed ramp, when the Prometheus that is named does not answer', async () => {
    application = await startApplication({
      settings: {
        prometheus: { url: 'http://127.0.0.1:1', timeoutMs: 500 },
        slo: { blindTicks: 2 },
        replicas: { tickMs: 3_600_000 },
      },
    });
    const armed = await ask(application.url, { path: '/v1/rollout/resume', body: { reason: 'go' } });
    expect(armed.body).toMatchObject({ automation: { kind: 'armed' } });
    const ticker = application.container.get(Ticker);
    await ticker.tick();
    expect((await slos(application)).verdict).toBe('unknown');
    const { body: still } = await ask(application.url, { path: '/v1/rollout' });
    expect(still).toMatchObject({ automation: { kind: 'armed' } });
    await ticker.tick();
    const { body } = await ask(application.url, { path: '/v1/rollout' });
    expect(body).toMatchObject({ automation: { kind: 'paused' } });
    expect(await metrics(application)).toContain('tcp_comm_evaluator_blind 1\n');
  });
});
