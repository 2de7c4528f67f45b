import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { seededRandom, type Random } from '../kernel/random';
import { CLOCK, CONFIG, OBSERVE, RANDOM } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { specProfile } from './delivery/profiles';
import { LegacyTransport } from './legacy/legacy-transport';
import { LinkDeliverer } from './link-deliverer';
import { ReliableTransport } from './reliable/reliable-transport';
import { DeliveryShadow } from './shadow/delivery-shadow';

/** Of the shadow alone: what scatters its repeats must not change what anything real draws. */
const SHADOW_SEED = 1;

/** The ways of delivering. Removing legacy one day: its folder, and its line here. */
@Module({
  imports: [LinkModule],
  providers: [
    {
      provide: LinkDeliverer,
      inject: [CLOCK, RANDOM, OBSERVE, SessionRegistry, CONFIG],
      useFactory: (
        clock: Clock,
        random: Random,
        observe: Observe,
        registry: SessionRegistry,
        config: Config,
      ) =>
        new LinkDeliverer({
          clock,
          observe,
          linkOf: (deviceId) => registry.link(deviceId),
          transports: [
            new ReliableTransport({
              clock,
              random,
              observe,
              settings: reliableSettings(config.newTransport),
            }),
            new LegacyTransport({ clock, observe, drainTimeoutMs: config.legacyTransport.drainTimeoutMs }),
          ],
        }),
    },
    {
      provide: DeliveryShadow,
      inject: [CONFIG],
      useFactory: ({ newTransport, mirror }: Config) =>
        new DeliveryShadow({
          settings: reliableSettings(newTransport),
          random: seededRandom(SHADOW_SEED),
          rememberedPaces: mirror.rememberedPaces,
        }),
    },
  ],
  exports: [LinkDeliverer, DeliveryShadow],
})
export class TransportModule {}

function reliableSettings({
  retries,
  retryBaseMs,
  retryCapMs,
  retryJitterMs,
  receiptTimer,
  replyTimer,
  budget,
  profile,
}: Config['newTransport']) {
  const retry = { retries, baseMs: retryBaseMs, capMs: retryCapMs, jitterMs: retryJitterMs };
  return profile === 'spec' ? specProfile(retry, budget) : { retry, budget, receiptTimer, replyTimer };
}
