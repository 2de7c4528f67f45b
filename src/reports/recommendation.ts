import type { LegacyRemovalView } from '../api/schemas/legacy-removal';
import type { RolloutView } from '../api/schemas/rollout';
import type { SlosView } from '../api/schemas/slos';
import type { DayNote, Incidents, Recommendation } from './report';

export interface Advised {
  readonly rollout: RolloutView;
  readonly slos: SlosView;
  readonly removal: LegacyRemovalView;
  readonly incidents: Incidents;
  readonly days: readonly DayNote[];
}

/**
 * The first of these that has a reason: something is wrong (investigate); nothing stands in the way of removal; somebody
 * or something holds the ramp; go on.
 */
export function recommend(about: Advised): Recommendation {
  const wrong = faults(about);
  if (wrong.length > 0) return { advice: 'investigate', because: wrong };
  if (about.removal.answer === 'yes')
    return { advice: 'remove_legacy', because: ['every item of the removal checklist says yes'] };
  const held = holds(about);
  if (held.length > 0) return { advice: 'hold', because: held };
  const { stage, automation } = about.rollout;
  const how =
    automation.kind === 'armed' ? 'the machine goes on by itself' : 'a person may: pointsman promote';
  return { advice: 'go_on', because: [`every gate of ${stage.name} is open; ${how}`] };
}

function faults({ rollout, slos, incidents, days }: Advised): string[] {
  const { automation, store, replicas } = rollout;
  const lastWhole = days.at(-2) ?? days.at(-1);
  const failedLately = lastWhole?.results.filter(({ result }) => result === 'failed') ?? [];
  const critical = incidents.list.filter(({ kind, until }) => kind === 'critical_pause' && until === null);
  return [
    ...(automation.kind === 'latched'
      ? [`latched by ${automation.by ?? '?'}: ${automation.reason ?? '?'}`]
      : []),
    ...critical.map(({ cause }) => `a critical pause is not over: ${cause}`),
    ...slos.objectives
      .filter(({ verdict, observeOnly }) => verdict === 'fail' && !observeOnly)
      .map(({ name, why }) => `${name} fails: ${why}`),
    ...failedLately.map(({ objective }) => `${objective} was failed on ${lastWhole?.day ?? '?'}`),
    ...slos.disagreements.map((one) => `Prometheus and the program disagree: ${one}`),
    ...(store.healthy ? [] : [`the store: ${store.detail ?? 'not healthy'}`]),
    ...replicas
      .filter(({ differs }) => differs)
      .map(({ replica }) => `replica ${replica} follows another plan`),
  ];
}

function holds({ rollout, slos, removal }: Advised): string[] {
  const { automation, freeze, gates, stage } = rollout;
  const unsure = slos.objectives.filter(
    ({ verdict, observeOnly }) => (verdict === 'unknown' || verdict === 'insufficient') && !observeOnly,
  );
  return [
    ...(freeze === null ? [] : [`frozen by ${freeze.by}: ${freeze.reason}`]),
    ...(automation.kind === 'paused'
      ? [`paused by ${automation.by ?? '?'}: ${automation.reason ?? '?'}`]
      : []),
    ...gates
      .filter(({ state }) => state !== 'open')
      .map(({ name, lacks }) => `gate ${name} is not open: ${lacks ?? 'no reason given'}`),
    ...(stage.next === null
      ? removal.items
          .filter(({ answer }) => answer !== 'yes')
          .map(({ name, finding }) => `${name}: ${finding}`)
      : []),
    ...(unsure.length > 0 && gates.length === 0
      ? unsure.map(({ name, verdict, why }) => `${name} is ${verdict}: ${why}`)
      : []),
  ];
}
