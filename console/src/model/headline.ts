import type { RolloutView } from '../../../src/api/schemas/rollout';
import type { SlosView } from '../../../src/api/schemas/slos';
import { earliestEnd, leaving } from './schedule';
import { fromNowText, instantText, list, percentText } from './texts';

/** `good`: proven. `waiting`: nothing speaks against it. `unknown`: nobody can tell. `bad`: something does. */
export type Tone = 'good' | 'waiting' | 'unknown' | 'bad';

export interface Seen {
  readonly view: RolloutView;
  readonly slos: SlosView | undefined;
}

export interface Headline {
  readonly tone: Tone;
  readonly where: string;
  readonly safe: string;
  readonly done: string;
}

const WITHOUT_STORE: Readonly<Record<RolloutView['store']['kind'], string>> = {
  redis:
    'the store does not answer: nothing can be raised, and a rollback reaches only the replica it is asked of',
  file: 'the store cannot be written: nothing can be raised, and a rollback is lost with a restart',
};

/** What a person must know who reads one sentence only: where it stands, whether that is safe, when it is done. */
export function headline(seen: Seen, nowMs: number): Headline {
  const [tone, safe] = safety(seen);
  return { tone, where: where(seen.view), safe, done: done(seen.view, nowMs) };
}

function where({ plan, stage }: RolloutView): string {
  const place = `stage ${stage.index} of ${stage.of}, ${stage.name}`;
  return plan.percentage === 0
    ? `Every device is on legacy (${place})`
    : `${percentText(plan.percentage)} of the fleet is on the new transport (${place})`;
}

function safety({ view, slos }: Seen): readonly [Tone, string] {
  const { automation } = view;
  if (automation.kind === 'latched')
    return [
      'bad',
      `it was rolled back by ${automation.by ?? 'somebody'} and is latched: ${automation.reason ?? ''}`,
    ];
  const failing = (slos?.objectives ?? []).filter(
    ({ verdict, observeOnly }) => verdict === 'fail' && !observeOnly,
  );
  if (failing.length > 0)
    return ['bad', `not safe: ${list(failing.map(({ title }) => title))} not within the objective`];
  if (!view.store.healthy) return ['unknown', WITHOUT_STORE[view.store.kind]];
  const fallen = blindness(view, slos);
  if (fallen !== undefined) return ['unknown', fallen];
  if (view.plan.percentage === 0) return ['waiting', 'nothing is at risk'];
  if (slos?.verdict === 'pass') return ['good', 'safe: every objective is met'];
  return ['waiting', 'nothing speaks against it, though there is not enough evidence yet to call it proven'];
}

function blindness({ alerting, guard }: RolloutView, slos: SlosView | undefined): string | undefined {
  if (alerting.watchdog.state === 'silent')
    return 'the way of alerts is silent, so none of them could roll back';
  if (alerting.mutes.state === 'muted') return 'alerts that would roll back are muted';
  if (guard.state === 'off' || guard.observeOnly) return 'the guard does not roll back';
  if (slos?.verdict === 'unknown')
    return 'whether it is safe is not known: not everything could be judged in this generation yet';
  return undefined;
}

function done(view: RolloutView, nowMs: number): string {
  const { automation, freeze, stage } = view;
  if (automation.kind === 'latched') return 'nothing rises until somebody releases it';
  if (freeze) return `frozen by ${freeze.by}: ${freeze.reason}`;
  if (stage.next === null) return 'the ladder is at its end';
  const held =
    automation.kind === 'paused'
      ? `paused by ${automation.by ?? 'somebody'}; `
      : automation.kind === 'manual'
        ? 'climbed by hand; '
        : '';
  return held + next(view, nowMs);
}

function next(view: RolloutView, nowMs: number): string {
  const leave = leaving(view, nowMs);
  if (leave.kind === 'unknown') return `when ${view.stage.next ?? 'it'} comes is open: see “${leave.gate}”`;
  const end = earliestEnd(view, nowMs);
  const soon = leave.ms <= nowMs ? 'can come now' : `can come ${fromNowText(leave.ms, nowMs)}`;
  return `${view.stage.next ?? 'the next stage'} ${soon}, and the end at the earliest ${end === undefined ? 'later' : instantText(end)}`;
}
