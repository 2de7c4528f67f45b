import type { RolloutView } from '../../../src/api/schemas/rollout';
import { countText, fromNowText, measuredText, percentText } from '../model/texts';
import { Panel } from './panel';

const AUTOMATION: Readonly<Record<RolloutView['automation']['kind'], string>> = {
  manual: 'manual: people raise, the machine only rolls back',
  armed: 'armed: the machine climbs as gates allow',
  paused: 'paused: the machine raises nothing',
  latched: 'latched: nothing is raised',
};

/** What was asked for beside what happens. */
export function Standing({ view, nowMs }: { view: RolloutView; nowMs: number }) {
  const { plan, automation, freeze, coverage, effectivePercentage } = view;
  return (
    <Panel id="standing" title="Traffic on the new transport">
      <dl class="figures">
        <div>
          <dt>configured</dt>
          <dd data-testid="configured">{percentText(plan.percentage)}</dd>
        </div>
        <div>
          <dt>effective, last minute</dt>
          <dd data-testid="effective">{measuredText(effectivePercentage)}</dd>
        </div>
      </dl>
      <PercentBar configured={plan.percentage} effective={effectivePercentage} holdback={plan.holdback} />
      <dl class="rows">
        <dt>automation</dt>
        <dd>
          {AUTOMATION[automation.kind]}
          {automation.since !== undefined && (
            <span class="note">
              {`, ${fromNowText(Date.parse(automation.since), nowMs)} by ${automation.by ?? '–'}`}
              {/* What set the plan often paused or latched it too: then the reason stands below. */}
              {automation.reason !== plan.reason && `: ${automation.reason ?? '–'}`}
            </span>
          )}
        </dd>
        {freeze && (
          <>
            <dt>frozen</dt>
            <dd>
              by {freeze.by}, {fromNowText(Date.parse(freeze.since), nowMs)}: {freeze.reason}
            </dd>
          </>
        )}
        <dt>set by</dt>
        <dd>
          {plan.setBy}, <time dateTime={plan.setAt}>{fromNowText(Date.parse(plan.setAt), nowMs)}</time>:{' '}
          {plan.reason}
        </dd>
        <dt>held back</dt>
        <dd>{percentText(plan.holdback)} stay on legacy for comparison</dd>
        <dt>mirror</dt>
        <dd>{plan.mirror.on ? `shadows ${percentText(plan.mirror.percentage)} of the devices` : 'off'}</dd>
        {Object.keys(plan.pins).length > 0 && (
          <>
            <dt>pins</dt>
            <dd>{countText(Object.keys(plan.pins).length)} devices</dd>
          </>
        )}
        <dt>moved devices</dt>
        <dd>
          {countText(coverage.spoken)} of {countText(coverage.devices)} have spoken since they moved
        </dd>
        <dt>identity</dt>
        <dd>
          generation {plan.generation}, revision {plan.revision}
        </dd>
      </dl>
    </Panel>
  );
}

interface PercentBarProps {
  readonly configured: number;
  readonly effective: number | null;
  readonly holdback: number;
}

/** The whole fleet from left to right; the figures beside it say the same in words. */
function PercentBar({ configured, effective, holdback }: PercentBarProps) {
  return (
    <svg class="percent-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="0" width="100" height="8" />
      <rect class="held" x={100 - holdback} y="0" width={holdback} height="8" />
      <rect class="configured" x="0" y="0" width={configured} height="8" />
      {effective !== null && <rect class="effective" x="0" y="2.8" width={effective} height="2.4" />}
    </svg>
  );
}
