import type { Objective } from '../objectives';
import type { Health, Reader, Reading, ReadRequest, Readings, Scope } from '../readings';
import { durationText } from '../duration';
import { RULE_INTERVAL_MS } from '../recorded';
import type { VectorSource } from './vector';
import { healthOf, healthQuery, type Expectation } from './health-query';
import type { SampleValue } from './sample-value';
import { partKey, QUANTITIES, windowQuery } from './window-query';

/** A window holds its two ends, and a late evaluation more: so many samples beyond what fits are no fault yet. */
const SPARE_SAMPLES = 2;

/** Reads objectives from Prometheus. */
export class PrometheusReader implements Reader {
  readonly source = 'prometheus';

  constructor(
    private readonly client: VectorSource,
    private readonly expectation: Expectation,
  ) {}

  async check(objectives: readonly Objective[]): Promise<Health> {
    const { text, keys } = healthQuery(objectives, this.expectation);
    const answer = await this.client.query(text, keys);
    if (answer.kind === 'failed') return { kind: 'blind', why: answer.why };
    return healthOf(answer.parts, keys, this.expectation);
  }

  async read(request: ReadRequest): Promise<Readings> {
    const query = windowQuery(request, this.expectation);
    const { windowsMs } = request;
    const keys = new Set(
      windowsMs.flatMap((windowMs) => QUANTITIES.map((quantity) => partKey(quantity, windowMs))),
    );
    const answer = await this.client.query(query, keys);
    if (answer.kind === 'failed') return { kind: 'unreachable', why: answer.why, query };
    const byWindow = new Map(
      windowsMs.map(
        (windowMs) => [windowMs, this.windowReading(answer.parts, windowMs, request.scope)] as const,
      ),
    );
    return { kind: 'read', byWindow, query };
  }

  private windowReading(parts: ReadonlyMap<string, SampleValue>, windowMs: number, scope: Scope): Reading {
    const values: number[] = [];
    for (const quantity of QUANTITIES) {
      const sample = parts.get(partKey(quantity, windowMs));
      const problem = faultOf(sample);
      if (problem !== undefined)
        return noData(`${quantity} events of the last ${durationText(windowMs)}: ${problem}`);
      values.push((sample as { value: number }).value);
    }
    const [bad, all, coverage] = values as [number, number, number];
    // Rules that run more often than the sums suppose would count every event several times. Where one generation
    // follows another both have a rate for a while, so that their samples together may well be more.
    if (scope !== 'whole' && coverage > 1 + (SPARE_SAMPLES * this.sampleIntervalMs) / windowMs)
      return noData(
        `more samples in ${durationText(windowMs)} than one each ${this.sampleIntervalMs / 1000} s`,
      );
    // Numerator and denominator may be of two moments; a share above one is none.
    return { kind: 'counts', bad: Math.min(bad, all), all, coverage: Math.min(coverage, 1) };
  }

  private get sampleIntervalMs(): number {
    const { series, scrapeIntervalMs } = this.expectation;
    return series === 'recorded' ? RULE_INTERVAL_MS : scrapeIntervalMs;
  }
}

function faultOf(sample: SampleValue | undefined): string | undefined {
  if (sample === undefined) return 'no series';
  if (sample.kind === 'unusable') return sample.why;
  return sample.value < 0 ? `${sample.value} is less than nothing` : undefined;
}

function noData(why: string): Reading {
  return { kind: 'no_data', why };
}
