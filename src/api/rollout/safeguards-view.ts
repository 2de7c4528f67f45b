import type { MuteState } from '../../alerting/mute-watch';
import type { WatchdogState } from '../../alerting/watchdog';
import type { GuardReport } from '../../slo/guard/guard-report';
import type { AlertPathView, GuardView } from '../schemas/safeguards';

export function guardView(report: GuardReport): GuardView {
  const { share, rules, devices, lately, smallestBreakage, timeToSee, trip, ...rest } = report;
  const { twice, threeTimes, tenTimes, totalFailure, badShare } = timeToSee;
  return {
    ...rest,
    share: share ?? null,
    rules: rules.map((rule) => ({ ...rule })),
    devices: { ...devices },
    lately: { new: { ...lately.new }, legacy: { ...lately.legacy } },
    smallestBreakage: smallestBreakage ? { ...smallestBreakage } : null,
    timeToSee: {
      twice: twice ?? null,
      threeTimes: threeTimes ?? null,
      tenTimes: tenTimes ?? null,
      totalFailure: totalFailure ?? null,
      badShare,
    },
    trip: trip ? { rule: trip.rule, sentence: trip.sentence } : null,
  };
}

export function alertPathView(watchdog: WatchdogState, mutes: MuteState): AlertPathView {
  return {
    watchdog: watchdogView(watchdog),
    mutes: {
      state: mutes.kind,
      by: mutes.kind === 'muted' ? [...mutes.by] : [],
      why: mutes.kind === 'unread' ? mutes.why : null,
    },
  };
}

function watchdogView(watchdog: WatchdogState): AlertPathView['watchdog'] {
  switch (watchdog.kind) {
    case 'not_expected':
      return { state: 'not_expected', heardAt: null };
    case 'heard':
      return { state: watchdog.at === null ? 'waiting' : 'heard', heardAt: watchdog.at };
    case 'silent':
      return { state: 'silent', heardAt: watchdog.since };
  }
}
