import type { TransportName } from '../../kernel/words';
import type { Guard } from './guard';
import { stateOf } from './guard-report';
import { runEvidence } from './run-rule';
import type { Stream } from './sequential-test';

/** The guard's gauges, read at the moment of a scrape. */
export function guardReadings(guard: Guard) {
  const evidence = (stream: Stream): number =>
    Math.max(
      ...guard.scales.deciding.test
        .readings()
        .filter(({ rule }) => rule.stream === stream)
        .map(({ score }) => score),
    );
  const badShare = (path: TransportName): number => {
    const { decided, bad } = guard.hearing.decisions.lately[path];
    return decided > 0 ? bad / decided : 0;
  };
  return {
    guardFailureEvidence: () => evidence('failures'),
    guardFailureLimit: () => guard.scales.deciding.limits.failures.nats,
    guardBreakageEvidence: () => evidence('breakages'),
    guardBreakageLimit: () => guard.scales.deciding.limits.breakages.nats,
    guardRunEvidence: () => runEvidence(guard.hearing.decisions.run.run),
    guardShare: () => guard.scales.deciding.test.share,
    guardBadShareNew: () => badShare('new'),
    guardBadShareLegacy: () => badShare('legacy'),
    guardDevicesSuspect: () => guard.hearing.decisions.records.remembered,
    guardDevicesAside: () => guard.hearing.decisions.records.setAside,
    guardControl: () => Number(!['no_control', 'no_data'].includes(stateOf(guard))),
    guardTripped: () => Number(guard.tripped !== undefined),
  };
}
