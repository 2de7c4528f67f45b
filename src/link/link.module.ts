import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import { localZone } from '../kernel/time-zone';
import { CLOCK, CONFIG, OBSERVE, RANDOM } from '../kernel/tokens';
import { Router } from '../routing/router';
import { RouterModule } from '../routing/router.module';
import { ownIdentity, readIdentity } from './certificate';
import { CredentialFile } from './credential-file';
import { DevicePorts } from './device-ports';
import { SessionRegistry } from './session-registry';
import type { Identity } from './tls-policy';

/** The connections of devices. */
@Module({
  imports: [RouterModule],
  providers: [
    {
      provide: CredentialFile,
      inject: [CONFIG, CLOCK, OBSERVE],
      useFactory: (config: Config, clock: Clock, observe: Observe) =>
        CredentialFile.open({ folder: config.stateDir, limit: config.devices.maxDevices, clock, observe }),
    },
    {
      provide: SessionRegistry,
      inject: [CredentialFile, Router, CONFIG, CLOCK, RANDOM, OBSERVE],
      useFactory: (
        file: CredentialFile,
        router: Router,
        config: Config,
        clock: Clock,
        random: Random,
        observe: Observe,
      ) => {
        const settings = { ...config.devices, timeZone: config.devices.timeZone ?? localZone() };
        const routeOf = (deviceId: string) => router.decide(deviceId).transport;
        return new SessionRegistry({
          clock,
          random,
          observe,
          settings,
          credentials: file.credentials,
          routeOf,
        });
      },
    },
    {
      provide: DevicePorts,
      inject: [SessionRegistry, CONFIG, CLOCK, OBSERVE],
      useFactory: (registry: SessionRegistry, config: Config, clock: Clock, observe: Observe) => {
        const { bind: host, maxConnections: maxSockets, ...rest } = config.devices;
        const identity = () => identityOf(config, clock);
        return new DevicePorts({
          settings: { ...rest, host, maxSockets },
          identity,
          clock,
          observe,
          onDuplex: (duplex) => registry.accept(duplex),
        });
      },
    },
  ],
  exports: [SessionRegistry, DevicePorts, CredentialFile],
})
export class LinkModule {}

function identityOf({ devices, stateDir }: Config, clock: Clock): Promise<Identity> {
  const { certFile, keyFile } = devices;
  return certFile !== undefined && keyFile !== undefined
    ? readIdentity(certFile, keyFile)
    : ownIdentity(stateDir, clock.wallNow());
}
