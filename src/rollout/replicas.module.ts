import { Module } from '@nestjs/common';
import { demandsOf } from '../alerting/alert-path-demand';
import { AlertingModule } from '../alerting/alerting.module';
import { Watchdog } from '../alerting/watchdog';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, JUDGE, LEASE, NOTICEBOARD, OBSERVE, REPLICA } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { TrafficShare } from '../routing/traffic-share';
import type { Judge } from '../slo/verdict';
import type { Lease } from '../store/lease';
import type { Noticeboard } from '../store/noticeboard';
import { JudgeModule } from '../slo/judge.module';
import { Guard } from '../slo/guard/guard';
import { holdsOf } from '../slo/guard/guard-holds';
import { reportOf } from '../slo/guard/guard-report';
import { GuardModule } from '../slo/guard/guard.module';
import { withDemands } from '../slo/with-demands';
import { withHolds } from '../slo/with-holds';
import { JudgementBoard } from './judgement-board';
import { Replicas } from './replicas';
import { Rollout } from './rollout';
import { RolloutModule } from './rollout.module';
import { Ticker } from './ticker';

/** What replicas do for each other: one of them ticks, and each knows of all. */
@Module({
  imports: [LinkModule, RolloutModule, JudgeModule, GuardModule, AlertingModule],
  providers: [
    {
      provide: JudgementBoard,
      inject: [NOTICEBOARD, REPLICA, CONFIG, OBSERVE],
      useFactory: (board: Noticeboard, replica: string, { replicas }: Config, observe: Observe) =>
        new JudgementBoard({ board, replica, ttlMs: replicas.judgementTtlMs, observe }),
    },
    {
      provide: Ticker,
      inject: [Rollout, JUDGE, Watchdog, Guard, LEASE, JudgementBoard, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        rollout: Rollout,
        judge: Judge,
        watchdog: Watchdog,
        guard: Guard,
        lease: Lease,
        board: JudgementBoard,
        { replicas: settings }: Config,
        clock: Clock,
        observe: Observe,
      ) =>
        new Ticker({
          rollout,
          judge: withHolds(
            withDemands(judge, () => demandsOf(watchdog.state)),
            () => holdsOf(reportOf(guard), rollout.document.plan),
          ),
          lease,
          board,
          settings,
          clock,
          observe,
        }),
    },
    {
      provide: Replicas,
      inject: [NOTICEBOARD, REPLICA, Rollout, SessionRegistry, TrafficShare, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        board: Noticeboard,
        replica: string,
        rollout: Rollout,
        registry: SessionRegistry,
        share: TrafficShare,
        { replicas: settings }: Config,
        clock: Clock,
        observe: Observe,
      ) =>
        new Replicas({
          board,
          replica,
          document: () => rollout.document,
          connectedDevices: () => registry.connectedDevices,
          recentCommands: () => share.recent(),
          settings,
          clock,
          observe,
        }),
    },
  ],
  exports: [Ticker, Replicas],
})
export class ReplicasModule {}
