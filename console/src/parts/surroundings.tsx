import type { SafetyView } from '../../../src/api/schemas/overview';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import { countText, fromNowText, percentText, secondsText } from '../model/texts';
import { Panel } from './panel';

const GUARD: Readonly<Record<SafetyView['guard']['state'], string>> = {
  off: '✗ off: only objectives and alerts roll back',
  watching: '✓ watching both paths',
  no_canary: '… nothing on the new transport to watch',
  no_control: '? nothing on legacy to compare with',
  no_data: '… no traffic to watch',
  tripped: '✗ tripped',
};

const ALERTS: Readonly<Record<SafetyView['alertPath']['state'], string>> = {
  not_expected: '– not connected',
  waiting: '… waiting for the first watchdog',
  heard: '✓ heard',
  silent: '✗ silent: alerts would not arrive',
};

/** What watches, where the plan is kept, and who follows it. */
export function Surroundings({
  view,
  safety,
  nowMs,
}: {
  view: RolloutView;
  safety: SafetyView | undefined;
  nowMs: number;
}) {
  const { store, replicas } = view;
  return (
    <Panel id="surroundings" title="What watches, and who follows">
      <dl class="rows">
        {safety && <Watchers safety={safety} nowMs={nowMs} />}
        <dt>store</dt>
        <dd>
          {store.healthy ? `✓ ${store.kind}, healthy` : `✗ ${store.kind}: ${store.detail ?? 'not healthy'}`}
          {store.unstored > 0 && `; ${store.unstored} changes in effect are not stored yet`}
        </dd>
      </dl>
      <h3>Replicas</h3>
      <ul class="replicas">
        {replicas.map(({ replica, generation, revision, percentage, devices, ageMs, self, differs }) => (
          <li key={replica} class={differs ? 'differs' : ''}>
            <strong>{replica}</strong> {percentText(percentage)}, {countText(devices)} devices{' '}
            <span class="note">
              g{generation} r{revision},{' '}
              {self ? 'answers this page' : `heard ${Math.round(ageMs / 1000)} s ago`}
              {differs && <b> ✗ follows another plan</b>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Watchers({ safety: { guard, alertPath }, nowMs }: { safety: SafetyView; nowMs: number }) {
  return (
    <>
      <dt>guard</dt>
      <dd>
        {GUARD[guard.state]}
        {guard.observeOnly && ', observing only'}
        {guard.trip !== null && `: ${guard.trip}`}
        {guard.state === 'watching' && (
          <span class="note">
            {` would see total failure in ${secondsText(guard.secondsToSee.totalFailure)}, ten times the failures in ${secondsText(guard.secondsToSee.tenTimes)}`}
          </span>
        )}
      </dd>
      <dt>alert path</dt>
      <dd>
        {ALERTS[alertPath.state]}
        {alertPath.heardAt !== null && `, last ${fromNowText(Date.parse(alertPath.heardAt), nowMs)}`}
        {alertPath.mutes === 'muted' && <b> ✗ rollback alerts are muted by {alertPath.mutedBy.join('; ')}</b>}
      </dd>
    </>
  );
}
