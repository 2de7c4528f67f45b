import { createHash } from 'node:crypto';
import type { Cancel, Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { judgedCounts, ownCounts } from './counts-now';
import { Days } from './days';
import { Evaluator, type Bystanders } from './evaluator';
import { LONGEST_WINDOW_MS } from './objective-rules';
import type { Objective } from './objectives';
import { Periods } from './period';
import { CountCells } from './process/count-cells';
import { HistoryFile } from './process/history-file';
import { OwnHistory } from './process/own-history';
import { ProcessReader } from './process/reader';
import { Slots, type OwnCounters } from './process/slots';
import { PrometheusClient, type ClientSettings } from './prometheus/client';
import type { Expectation } from './prometheus/health-query';
import { PrometheusReader } from './prometheus/reader';
import type { Reader } from './readings';
import { RULE_INTERVAL_MS } from './recorded';
import { selfTest } from './self-test';
import { SkewWatch } from './skew-watch';
import { SloGauges, type BuildInfo } from './slo-gauges';
import { Streaks } from './streaks';
import type { Evidence } from './verdict';
import { Witness } from './witness';

const HOUR_MS = 60 * 60_000;
/** A little more than the longest window that asks for minutes. */
const FINE_MS = 25 * HOUR_MS;
/** At one each `sampleMs`, enough to look some scrapes back. */
const SNAPSHOTS = 64;
/** What Prometheus knows is at most so many scrapes old; then it is stale, and nobody compares. */
const LAG_SCRAPES = 4;
/** A rate needs two scrapes and a rule; then as much again. */
const YOUNG_SCRAPES = 4;
const YOUNG_RULES = 4;

export interface JudgingSettings {
  readonly blindTicks: number;
  readonly concurrency: number;
  readonly sampleMs: number;
  readonly saveMs: number;
  readonly maxCells: number;
}

/** Undefined `url`: judge by this process's own counts. */
export type PrometheusSettings = Omit<ClientSettings, 'url'> &
  Expectation & { readonly url?: string | undefined };

export interface JudgingParts {
  readonly objectives: readonly Objective[];
  readonly counters: OwnCounters & { whenGenerationEnds(listener: () => void): void };
  readonly bystanders: Bystanders;
  readonly historyPath: string;
  readonly build: BuildInfo;
  readonly settings: JudgingSettings;
  readonly prometheus: PrometheusSettings;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** Everything that judging takes, put together. */
export class Judging {
  readonly evaluator: Evaluator;
  readonly gauges: SloGauges;
  /** How the objectives fared over days, for reports. */
  readonly periods: Periods;
  private readonly slots: Slots;
  private readonly own: { readonly history: OwnHistory; readonly file: HistoryFile; readonly reader: Reader };
  private readonly witness: Witness | undefined;
  private cancels: Cancel[] = [];

  constructor(private readonly parts: JudgingParts) {
    const { objectives, clock, build, observe, prometheus, counters } = parts;
    const slots = new Slots(objectives);
    this.slots = slots;
    this.own = this.ownCounts(slots);
    counters.whenGenerationEnds(() => void this.own.history.take());
    const client = this.prometheusClient();
    this.witness =
      client &&
      new Witness({
        client,
        history: this.own.history,
        slots,
        objectives,
        replica: build.replica,
        lagMs: LAG_SCRAPES * prometheus.scrapeIntervalMs,
        observe,
      });
    const reader = client ? new PrometheusReader(client, prometheus) : this.own.reader;
    this.evaluator = this.newEvaluator(reader);
    this.periods = new Periods({ objectives, reader, clock, concurrency: parts.settings.concurrency });
    const disagreements = () => this.witness?.disagreements.length ?? 0;
    this.gauges = new SloGauges({ evaluator: this.evaluator, disagreements, build, clock });
  }

  get objectives(): readonly Objective[] {
    return this.parts.objectives;
  }

  /** What Prometheus and this process do not agree about. */
  get disagreements(): readonly string[] {
    return this.witness?.disagreements ?? [];
  }

  /** What is known of both transports in this generation at this moment, without asking anybody. */
  countsNow(): Evidence {
    const { objectives, clock } = this.parts;
    const snapshot = this.own.history.now();
    const look = this.evaluator.lastLook;
    const isOfNow = look.generation === snapshot.generation && look.measuredAt !== undefined;
    const judgedAt = clock.wallNow() - (clock.now() - (look.measuredAt ?? 0));
    return {
      generation: snapshot.generation,
      here: ownCounts(objectives, this.slots, snapshot),
      judged: isOfNow ? { at: new Date(judgedAt).toISOString(), counts: judgedCounts(look) } : null,
    };
  }

  async start(): Promise<void> {
    const { clock, settings } = this.parts;
    await this.own.file.restore(clock.wallNow());
    this.cancels = [
      clock.every(settings.sampleMs, () => void this.own.history.take()),
      clock.every(settings.saveMs, () => void this.own.file.save()),
    ];
  }

  async close(): Promise<void> {
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
    this.own.history.take();
    await this.own.file.save();
  }

  /** Whether the judging code judges as it should: what it got wrong, one sentence each. Empty is good. */
  async selfTest(): Promise<readonly string[]> {
    const findings = await selfTest(this.parts.objectives);
    if (findings.length > 0) this.parts.observe({ kind: 'self_test_failed', findings });
    return findings;
  }

  private ownCounts(slots: Slots) {
    const { counters, clock, settings, historyPath: path, observe } = this.parts;
    const limits = { fineMs: FINE_MS, keptMs: LONGEST_WINDOW_MS + HOUR_MS, maxCells: settings.maxCells };
    const cells = new CountCells(slots.size, limits);
    const history = new OwnHistory({ counters, slots, cells, clock, maxSnapshots: SNAPSHOTS });
    const file = new HistoryFile({ path, cells, columns: slots.fingerprint, observe });
    return { history, file, reader: new ProcessReader({ history, cells, slots, clock }) };
  }

  private prometheusClient(): PrometheusClient | undefined {
    const { prometheus, clock, observe } = this.parts;
    const { url } = prometheus;
    if (url === undefined) return undefined;
    const skew = new SkewWatch(observe);
    return new PrometheusClient({ clock, settings: { ...prometheus, url }, onSkew: (ms) => skew.note(ms) });
  }

  private newEvaluator(reader: Reader): Evaluator {
    const { objectives, bystanders, build, settings, prometheus, clock, observe } = this.parts;
    const { blindTicks, concurrency } = settings;
    const youngMs = YOUNG_SCRAPES * prometheus.scrapeIntervalMs + YOUNG_RULES * RULE_INTERVAL_MS;
    return new Evaluator({
      objectives,
      reader,
      days: new Days(),
      streaks: new Streaks(),
      bystanders,
      compareWitnesses: (generation) => this.witness?.compare(generation) ?? Promise.resolve(),
      versions: { program: build.version, objectives: hashOf(objectives) },
      settings: { blindTicks, concurrency, youngMs },
      clock,
      observe,
    });
  }
}

function hashOf(objectives: readonly Objective[]): string {
  return createHash('sha256').update(JSON.stringify(objectives)).digest('hex').slice(0, 12);
}
