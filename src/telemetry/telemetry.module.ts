import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '../kernel/clock';
import type { Config } from '../config/schema';
import { FactTaps } from '../kernel/fact-taps';
import type { Observe } from '../kernel/facts';
import { fanOut } from '../kernel/fan-out';
import { CLOCK, CONFIG, OBSERVE } from '../kernel/tokens';
import { redactedHex } from '../protocol/redact';
import { TrafficShare } from '../routing/traffic-share';
import { createLogger, logFacts } from './logger';
import { Recorder } from './recorder';

const OBSERVERS = Symbol('observers');

/** Until the plan is known. */
const FIRST_GENERATION = 1;

/** Where facts go: into the counters, into the log, into the share of traffic that is measured, and to who else asked. */
@Global()
@Module({
  providers: [
    { provide: Recorder, useFactory: () => new Recorder(FIRST_GENERATION) },
    { provide: FactTaps, useFactory: () => new FactTaps() },
    { provide: TrafficShare, useFactory: (clock: Clock) => new TrafficShare(clock), inject: [CLOCK] },
    {
      provide: OBSERVE,
      inject: [Recorder, TrafficShare, FactTaps, CONFIG, CLOCK, OBSERVERS],
      useFactory: (
        recorder: Recorder,
        share: TrafficShare,
        taps: FactTaps,
        config: Config,
        clock: Clock,
        observers: readonly Observe[],
      ): Observe =>
        fanOut([
          (fact) => recorder.record(fact),
          // A query goes over either transport and is no command.
          (fact) =>
            fact.kind === 'routed' && fact.purpose === 'command' ? share.count(fact.transport) : undefined,
          (fact) => taps.see(fact),
          logFacts(createLogger(config.logLevel, clock), redactedHex),
          ...observers,
        ]),
    },
  ],
  exports: [Recorder, TrafficShare, FactTaps, OBSERVE],
})
export class TelemetryModule {
  static with(observers: readonly Observe[]): DynamicModule {
    return { module: TelemetryModule, providers: [{ provide: OBSERVERS, useValue: observers }] };
  }
}
