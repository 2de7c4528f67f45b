import { Global, Module } from '@nestjs/common';
import type { Clock } from '../kernel/clock';
import type { Config } from '../config/schema';
import type { Observe } from '../kernel/facts';
import { fanOut } from '../kernel/fan-out';
import { CLOCK, CONFIG, OBSERVE } from '../kernel/tokens';
import { redactedHex } from '../protocol/redact';
import { TrafficShare } from '../routing/traffic-share';
import { createLogger, logFacts } from './logger';
import { Recorder } from './recorder';

/** Until the plan is known. */
const FIRST_GENERATION = 1;

/** Where facts go: into the counters, into the log, and into the share of traffic that is measured. */
@Global()
@Module({
  providers: [
    { provide: Recorder, useFactory: () => new Recorder(FIRST_GENERATION) },
    { provide: TrafficShare, useFactory: (clock: Clock) => new TrafficShare(clock), inject: [CLOCK] },
    {
      provide: OBSERVE,
      inject: [Recorder, TrafficShare, CONFIG, CLOCK],
      useFactory: (recorder: Recorder, share: TrafficShare, config: Config, clock: Clock): Observe =>
        fanOut([
          (fact) => recorder.record(fact),
          (fact) => (fact.kind === 'routed' ? share.count(fact.transport) : undefined),
          logFacts(createLogger(config.logLevel, clock), redactedHex),
        ]),
    },
  ],
  exports: [Recorder, TrafficShare, OBSERVE],
})
export class TelemetryModule {}
