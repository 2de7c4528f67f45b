import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import { CLOCK, CONFIG, OBSERVE, RANDOM } from '../kernel/tokens';
import { PLAN_STORE } from '../rollout/plan-store-token';
import type { PlanStore } from '../rollout/plan-store';
import { Rollout } from '../rollout/rollout';
import { RolloutModule } from '../rollout/rollout.module';
import { Transitions } from '../rollout/transitions';
import { httpPost } from './http-post';
import { Notifier } from './notifier';
import { Receiver } from './receiver';

/** So many changes may go by unheard before one of them is not told of. */
const LOOK_BACK = 100;

/** Who is told when the rollout has changed. */
@Module({
  imports: [RolloutModule],
  providers: [
    {
      provide: Notifier,
      inject: [Rollout, PLAN_STORE, CONFIG, CLOCK, RANDOM, OBSERVE],
      useFactory: (
        rollout: Rollout,
        store: PlanStore,
        { notify: settings }: Config,
        clock: Clock,
        random: Random,
        observe: Observe,
      ) => {
        const receivers = settings.receivers.map(
          (receiver) =>
            new Receiver({
              settings: { ...settings, ...receiver },
              post: httpPost({ ...receiver, timeoutMs: settings.timeoutMs }, clock),
              clock,
              random,
              observe,
            }),
        );
        const claim = (key: string) => store.claim(`notify/${key}`, settings.claimTtlMs);
        const { queueLimit } = settings;
        const notifier = new Notifier({ receivers, claim, queueLimit, clock, observe });
        const transitions = new Transitions(rollout.document.plan.revision, {
          history: (limit) => rollout.history(limit),
          tell: (entry) => notifier.changed(entry),
          lookBack: LOOK_BACK,
        });
        rollout.onChange((change) => transitions.changed(change));
        return notifier;
      },
    },
  ],
  exports: [Notifier],
})
export class NotifyModule {}
