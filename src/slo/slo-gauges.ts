import type { Clock } from '../kernel/clock';
import type { TransportName } from '../kernel/words';
import { SLO_GAUGES, type SloGaugeName } from '../telemetry/slo-metrics';
import { budgetLeft, burnRate, ratioOf } from './budget';
import { durationText } from './duration';
import type { Evaluator, LastLook } from './evaluator';
import type { Judged } from './objective-verdict';
import { tierWindowsMs } from './objectives';
import { readingOf, type Arm, type Reading } from './readings';
import { VERDICTS } from './verdict';

export interface GaugeSample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Who this process is, as its build-info series says. */
export interface BuildInfo {
  readonly version: string;
  readonly environment: string;
  readonly replica: string;
}

export interface SloGaugesParts {
  readonly evaluator: Pick<Evaluator, 'lastLook'>;
  readonly disagreements: () => number;
  readonly build: BuildInfo;
  readonly clock: Clock;
}

const MS = 1000;
/** Who has not looked for so long has ceased to lead: what it saw last is no alarm any more. Another looks. */
const STOPPED_MS = 90_000;

/** What the judgement says, as series. Label values are names of the configuration: their number does not grow. */
export class SloGauges {
  constructor(private readonly parts: SloGaugesParts) {}

  samplesOf(name: SloGaugeName): GaugeSample[] {
    const metricName = SLO_GAUGES[name].name;
    return this.values(name).map(([labels, value]) => ({ metricName, labels, value }));
  }

  private values(name: SloGaugeName): [Readonly<Record<string, string>>, number][] {
    const { evaluator, disagreements, build, clock } = this.parts;
    const { judged } = evaluator.lastLook;
    switch (name) {
      case 'compliance':
        return byArm(judged, ({ window }) => 1 - (countsOf(window, ratioOf) ?? NaN));
      case 'budgetRemaining':
        return byArm(
          judged,
          ({ window, budgetPpm }) => countsOf(window, (counts) => budgetLeft(counts, budgetPpm)) ?? NaN,
        );
      case 'burnRate':
        return judged.flatMap(burnRates);
      case 'budgetRemainingWhole':
        return judged.map(({ verdict }) => [
          { objective: verdict.objective },
          verdict.budgetLeftWhole ?? NaN,
        ]);
      case 'coverage':
        return judged.map(({ verdict }) => [{ objective: verdict.objective }, verdict.coverage]);
      case 'verdict':
        return judged.flatMap(({ verdict: { objective, verdict } }) =>
          VERDICTS.map((each): [Record<string, string>, number] => [
            { objective, verdict: each },
            Number(each === verdict),
          ]),
        );
      case 'measuredAge':
        return [[{}, sightOf(evaluator.lastLook, clock.now()).age]];
      case 'blind':
        return [[{}, sightOf(evaluator.lastLook, clock.now()).blind]];
      case 'disagreement':
        return [[{}, disagreements()]];
      case 'buildInfo':
        return [[{ ...build }, 1]];
    }
  }
}

function sightOf(
  { lookedAt = -Infinity, measuredAt = NaN, blind }: LastLook,
  now: number,
): { readonly age: number; readonly blind: number } {
  return now - lookedAt < STOPPED_MS
    ? { age: (now - measuredAt) / MS, blind: Number(blind) }
    : { age: NaN, blind: 0 };
}

const ARMS: readonly (readonly [TransportName, 'accused' | 'control'])[] = [
  ['new', 'accused'],
  ['legacy', 'control'],
];

function byArm(
  judged: readonly Judged[],
  value: (of: { readonly window: Reading; readonly budgetPpm: number }) => number,
): [Readonly<Record<string, string>>, number][] {
  return judged.flatMap(({ measured }) => {
    const { name: objective, windowMs, budgetPpm } = measured.objective;
    return ARMS.map(([transport, arm]): [Record<string, string>, number] => [
      { objective, transport },
      value({ window: readingOf(measured[arm], windowMs), budgetPpm }),
    ]);
  });
}

function burnRates({ measured }: Judged): [Readonly<Record<string, string>>, number][] {
  const { objective } = measured;
  const rateOf = (arm: Arm, windowMs: number) =>
    countsOf(readingOf(arm, windowMs), (counts) => burnRate(counts, objective.budgetPpm)) ?? NaN;
  return tierWindowsMs(objective).flatMap((windowMs) =>
    ARMS.map(([transport, arm]): [Record<string, string>, number] => [
      { objective: objective.name, transport, window: durationText(windowMs) },
      rateOf(measured[arm], windowMs),
    ]),
  );
}

function countsOf<T>(
  reading: Reading,
  of: (counts: Extract<Reading, { kind: 'counts' }>) => T,
): T | undefined {
  return reading.kind === 'counts' ? of(reading) : undefined;
}
