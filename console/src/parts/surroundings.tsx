import type { RolloutView } from '../../../src/api/schemas/rollout';
import { countText, fromNowText, percentText, secondsText } from '../model/texts';
import { Panel } from './panel';

const GUARD: Readonly<Record<RolloutView['guard']['state'], string>> = {
  off: '✗ off: only objectives and alerts roll back',
  watching: '✓ watching both paths',
  no_canary: '… nothing on the new transport to watch',
  no_control: '? nothing on legacy to compare with',
  no_data: '… no traffic to watch',
  tripped: '✗ tripped',
};

const ALERTS: Readonly<Record<RolloutView['alerting']['watchdog']['state'], string>> = {
  not_expected: '– not connected',
  waiting: '… waiting for the first watchdog',
  heard: '✓ heard',
  silent: '✗ silent: alerts would not arrive',
};

/** What watches, where the plan is kept, and who follows it. */
export function Surroundings({ view, nowMs }: { view: RolloutView; nowMs: number }) {
  const { store, replicas } = view;
  return (
    <Panel id="surroundings" title="What watches, and who follows">
      <dl class="rows">
        <Watchers view={view} nowMs={nowMs} />
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

function Watchers({ view: { guard, alerting }, nowMs }: { view: RolloutView; nowMs: number }) {
  const { watchdog, mutes } = alerting;
  return (
    <>
      <dt>guard</dt>
      <dd>
        {GUARD[guard.state]}
        {guard.observeOnly && ', observing only'}
        {guard.trip !== null && `: ${guard.trip.sentence}`}
        {guard.state === 'watching' && (
          <span class="note">
            {` would see total failure in ${secondsText(guard.timeToSee.totalFailure)}, ten times the failures in ${secondsText(guard.timeToSee.tenTimes)}`}
          </span>
        )}
      </dd>
      <dt>alert path</dt>
      <dd>
        {ALERTS[watchdog.state]}
        {watchdog.heardAt !== null && `, last ${fromNowText(Date.parse(watchdog.heardAt), nowMs)}`}
        {mutes.state === 'muted' && <b> ✗ rollback alerts are muted by {mutes.by.join('; ')}</b>}
        {mutes.state === 'unread' && (
          <span class="note"> whether anything mutes them could not be asked: {mutes.why}</span>
        )}
      </dd>
    </>
  );
}
