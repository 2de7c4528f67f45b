import type { RolloutView } from '../../api/schemas/rollout';
import type { AlertPathView, GuardView } from '../../api/schemas/safeguards';
import { durationText, momentText } from './times';
import type { Branch } from './tree';

const MS = 1000;
/** Bad commands on new of which it wants to be known why they are no evidence. */
const NOT_BY_CHANCE = 3;

const STATES = {
  off: 'OFF: nothing compares new with legacy',
  watching: 'watching',
  no_canary: 'no command of a clear device on new to watch',
  no_control: 'NO CONTROL: no command of a clear device on legacy to compare new with',
  no_data: 'no command of a clear device, so it sees nothing',
  tripped: 'TRIPPED',
} as const;

/** What came of a rehearsal. */
export function renderDrill({ lastDrill }: Pick<RolloutView, 'lastDrill'>): string {
  return lastDrill === null
    ? 'no rehearsal is known\n'
    : `legacy served everybody ${lastDrill.seconds} s after new had fallen silent; recorded\n`;
}

/** What stands between a bad transport and the fleet: the guard, and the alerts that go back. */
export function safeguardBranches(
  { guard, alerting, lastDrill }: Pick<RolloutView, 'guard' | 'alerting' | 'lastDrill'>,
  nowMs: number,
): Branch[] {
  return [
    {
      text: `guard       ${guardText(guard)}`,
      below: [...guardBelow(guard), ...drillBranch(lastDrill, nowMs)],
    },
    { text: `alerts      ${watchdogText(alerting, nowMs)}`, below: muteBranches(alerting) },
  ];
}

function guardText(guard: GuardView): string {
  const closest = closestRule(guard);
  return [
    STATES[guard.state],
    ...(guard.observeOnly ? ['observes only, does not go back'] : []),
    ...(guard.state === 'watching' && closest
      ? [
          `${closest.rule} at ${Math.floor((closest.evidence / closest.limit) * 100)} % of the evidence it wants`,
        ]
      : []),
    ...(guard.state === 'watching' && guard.share !== null ? [`${percent(guard.share)} on new`] : []),
  ].join(', ');
}

/** The sentence of whatever has evidence, and what could be seen at all. */
function guardBelow(guard: GuardView): Branch[] {
  const { trip, timeToSee, smallestBreakage, lately, state } = guard;
  if (state === 'off') return [];
  const closest = closestRule(guard);
  const sentence = trip?.sentence ?? (closest && closest.evidence > 0 ? closest.sentence : undefined);
  const sight = [
    `total failure ${secondsText(timeToSee.totalFailure)}`,
    `ten times as many failures ${secondsText(timeToSee.tenTimes)}`,
    `twice as many ${secondsText(timeToSee.twice)}`,
    ...(smallestBreakage
      ? [`broken devices from ${percent(smallestBreakage.likely)} of the moved ones on`]
      : []),
  ];
  return [
    ...(sentence === undefined ? [] : [{ text: sentence }]),
    ...(state !== 'tripped' && lately.new.bad >= NOT_BY_CHANCE ? [{ text: latelyText(guard) }] : []),
    ...(state === 'watching' ? [{ text: `would see: ${sight.join(', ')}` }] : []),
  ];
}

/** Why bad commands on new may be no evidence: those on legacy, and how few of either are of clear devices. */
function latelyText({ lately: { new: one, legacy } }: GuardView): string {
  const bad = (name: string, { bad: count, commands }: typeof one): string =>
    `${name} ${count} bad of ${commands}`;
  return `of late here ${bad('new', one)}, ${bad('legacy', legacy)}; of clear devices, which alone count: new ${one.clear}, legacy ${legacy.clear}`;
}

function drillBranch(lastDrill: RolloutView['lastDrill'], nowMs: number): Branch[] {
  if (lastDrill === null) return [];
  const { at, seconds } = lastDrill;
  return [{ text: `rollback rehearsed ${momentText(at, nowMs)}: ${seconds} s until legacy served all` }];
}

function closestRule({ rules }: GuardView): GuardView['rules'][number] | undefined {
  return rules.reduce<GuardView['rules'][number] | undefined>(
    (best, rule) => (!best || rule.evidence / rule.limit > best.evidence / best.limit ? rule : best),
    undefined,
  );
}

function watchdogText({ watchdog: { state, heardAt } }: AlertPathView, nowMs: number): string {
  switch (state) {
    case 'not_expected':
      return 'no watchdog alert was ever heard, and none is expected';
    case 'waiting':
      return 'waiting for the first watchdog alert';
    case 'heard':
      return `arrive; the watchdog was heard ${heardAt === null ? 'lately' : momentText(heardAt, nowMs)}`;
    case 'silent':
      return `SILENT: the watchdog ${heardAt === null ? 'was never heard' : `was heard last ${momentText(heardAt, nowMs)}`}; rollback alerts may not arrive`;
  }
}

function muteBranches({ mutes }: AlertPathView): Branch[] {
  if (mutes.state === 'muted') return mutes.by.map((by) => ({ text: `ROLLBACK ALERTS ARE MUTED: ${by}` }));
  if (mutes.state === 'unread')
    return [{ text: `Alertmanager could not be asked what is muted: ${mutes.why ?? 'no reason given'}` }];
  return [];
}

function secondsText(value: number | null): string {
  if (value === null) return 'not foreseeable';
  return value < 10 ? `in ${value.toFixed(1)} s` : `in ${durationText(value * MS)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
