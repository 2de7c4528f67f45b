import { systemClock } from '../../src/kernel/clock';
import type { AuditEntry } from '../../src/rollout/document';
import { DEFAULT_OBJECTIVES } from '../../src/slo/objectives';
import { rollbackAlertsOf } from '../../src/slo/rollback-alerts';
import { AlertChain } from '../support/alert-chain';
import { tokenOf } from '../support/application';
import { cli } from '../support/cli';
import { until } from '../support/until';

const FAST = 'PointsmanFastRollback';
const ROLLBACKS = rollbackAlertsOf(DEFAULT_OBJECTIVES).map(({ labels }) => labels.alertname);
/** Generous: other tests use the processors too. */
const PATIENCE_MS = 60_000;
const TIMEOUT_MS = 240_000;

interface Kept {
  readonly labels: Readonly<Record<string, string>> & { readonly alertname: string };
}

function alertsOf(entry: AuditEntry | undefined): readonly Kept[] {
  return (entry?.evidence as { alerts: readonly Kept[] }).alerts;
}

describe('a new path that breaks at 25 %, watched by a real Prometheus and a real Alertmanager', () => {
  let chain: AlertChain;

  const view = async () => (await chain.ask({ path: '/v1/rollout' })).body;
  const received = (outcome: string): number =>
    chain.facts.of('alert_received').filter((fact) => fact.outcome === outcome).length;
  const rollbacks = async (): Promise<readonly AuditEntry[]> =>
    (await chain.rollout.history(50)).filter(({ action }) => action === 'rollback');
  /** The alert is delivered once more, by an Alertmanager that does not know that it was; a second Prometheus still sees it fire. */
  const deliveredAgain = async ({ labels }: Kept): Promise<void> => {
    await chain.alertmanager.startAfresh();
    const before = received('stale');
    await chain.alertmanager.fire({ ...labels, prometheus: 'b' }, new Date(systemClock.wallNow()));
    await until(() => received('stale') > before, PATIENCE_MS);
  };

  afterEach(() => chain.stop(), PATIENCE_MS);

  it(
    'is taken back by the alert, and by that alert once only',
    async () => {
      chain = await AlertChain.start({ guard: false });
      chain.breakNewPath();
      await until(() => chain.rollout.document.plan.percentage === 0, PATIENCE_MS);
      expect(chain.rollout.document).toMatchObject({
        plan: { setBy: 'the hook' },
        automation: { kind: 'latched' },
      });
      expect(received('rollback')).toBeGreaterThan(0);
      await until(async () => (await rollbacks()).length > 0);
      const [entry] = await rollbacks();
      expect(entry).toMatchObject({
        by: 'the hook',
        reason: expect.stringMatching(/^Pointsman\w+: Back to legacy: [\d.]+% /),
        before: { percentage: 25, generation: 1 },
        after: { percentage: 0, generation: 2, automation: 'latched' },
      });
      // The first of several that see it: which one depends on when each group of rules looks.
      const [first] = alertsOf(entry) as [Kept];
      expect(ROLLBACKS).toContain(first.labels.alertname);
      expect(first).toMatchObject({
        labels: { generation: '1', transport: 'new', action: 'rollback' },
        annotations: { description: expect.stringMatching(/Legacy: 0% (failed|bad)/) },
        generatorURL: expect.stringContaining('tcp_comm'),
      });

      const { revision } = chain.rollout.document.plan;
      await deliveredAgain(first);
      expect(chain.rollout.document.plan).toMatchObject({ revision, percentage: 0, generation: 2 });

      chain.mendNewPath();
      await chain.ask({ path: '/v1/rollout/release', body: { reason: 'mended' } });
      const again = { percentage: 25, reason: 'a new ramp', confirm: true };
      await chain.ask({ method: 'PUT', path: '/v1/rollout/percentage', body: again });
      await deliveredAgain(first);
      // It does fire, and it is about a generation that is over.
      expect(await chain.alertmanager.rollbackAlerts()).toContainEqual(
        expect.objectContaining({
          labels: expect.objectContaining({ generation: '1' }),
          status: expect.objectContaining({ state: 'active' }),
        }),
      );
      expect(await view()).toMatchObject({
        plan: { percentage: 25, generation: 3 },
        automation: { kind: 'manual' },
      });
      expect(await rollbacks()).toHaveLength(1);

      await chain.alertmanager.silence(FAST, 'eve', new Date(systemClock.wallNow()));
      const muted = { state: 'muted', by: [expect.stringMatching(/^silence .* of eve .*"too loud"/)] };
      await until(async () => JSON.stringify(await view()).includes('of eve'), PATIENCE_MS);
      await until(async () => JSON.stringify(await view()).includes('"heard"'), PATIENCE_MS);
      expect(await view()).toMatchObject({ alerting: { mutes: muted, watchdog: { state: 'heard' } } });
      const status = await cli({ POINTSMAN_URL: chain.url, POINTSMAN_TOKEN: tokenOf('viewer') }, 'status');
      expect(status.out).toMatch(/ROLLBACK ALERTS ARE MUTED: silence .* of eve/);
    },
    TIMEOUT_MS,
  );

  it(
    'is taken back by the guard before Prometheus has noticed anything',
    async () => {
      chain = await AlertChain.start({ guard: true });
      chain.breakNewPath();
      await until(() => chain.rollout.document.plan.percentage === 0, PATIENCE_MS);
      expect((await chain.firing()).filter((alert) => ROLLBACKS.includes(alert))).toEqual([]);
      expect(received('rollback')).toBe(0);
      await until(async () => (await rollbacks()).length > 0);
      expect(await rollbacks()).toMatchObject([
        {
          by: 'guard',
          before: { percentage: 25, generation: 1 },
          after: { percentage: 0, generation: 2, automation: 'latched' },
          evidence: { generation: 1, score: expect.any(Number), limit: expect.any(Number) },
        },
      ]);
    },
    TIMEOUT_MS,
  );
});
