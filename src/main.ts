import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { Access } from './api/access';
import { accessRulesOf, describeAccess } from './api/access-rules';
import { openApiDocument } from './api/openapi';
import { Parting } from './api/parting';
import { Readiness } from './api/readiness';
import { AppModule, type AppParts } from './app.module';
import { loadConfig } from './config/load';
import { processEnvironment } from './config/process-environment';
import { systemClock } from './kernel/clock';
import { listenError } from './kernel/listen-error';
import { runProgram } from './kernel/run-program';
import { systemRandom } from './kernel/random';
import { toldToStop } from './kernel/signals';
import { Jobs } from './kernel/jobs';
import { LEASE, OBSERVE } from './kernel/tokens';
import { endAtTheLatestIn } from './kernel/watchdog';
import { Lifecycle, type HttpServer } from './lifecycle';
import { CredentialFile } from './link/credential-file';
import { DevicePorts } from './link/device-ports';
import { SessionRegistry } from './link/session-registry';
import { Notifier } from './notify/notifier';
import { Replicas } from './rollout/replicas';
import { PLAN_STORE } from './rollout/plan-store-token';
import { Rollout } from './rollout/rollout';
import { Lanes } from './routing/lanes';
import { MetricsServer } from './telemetry/metrics-server';

/** The whole application, built. Nothing listens until the server is started. */
export interface Application {
  readonly server: Lifecycle;
  /** Gives the parts that the modules provide, by class or token. */
  readonly container: INestApplicationContext;
}

export async function createApplication(parts: AppParts): Promise<Application> {
  const { bodyLimitBytes: bodyLimit, requestTimeoutMs: requestTimeout } = parts.config.http;
  const adapter = new FastifyAdapter({ bodyLimit, requestTimeout, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  // Fastify would also take text/plain, and a plain form post needs no permission to cross origins.
  adapter.getInstance().removeContentTypeParser('text/plain');
  SwaggerModule.setup('docs', app, openApiDocument() as unknown as Parameters<typeof SwaggerModule.setup>[2]);
  const server = new Lifecycle({
    http: httpServer(app, parts.config.http, partingOf(app)),
    access: app.get(Access),
    accessNote: describeAccess(parts.accessRules),
    readiness: app.get(Readiness),
    ports: app.get(DevicePorts),
    registry: app.get(SessionRegistry),
    credentialFile: app.get(CredentialFile),
    lanes: app.get(Lanes),
    rollout: app.get(Rollout),
    store: app.get(PLAN_STORE),
    metrics: app.get(MetricsServer),
    jobs: app.get(Jobs),
    replicas: app.get(Replicas),
    lease: app.get(LEASE),
    notifier: app.get(Notifier),
    config: parts.config,
    clock: parts.clock,
    observe: app.get(OBSERVE),
  });
  return { server, container: app };
}

/** On real time, as its connections are. */
function partingOf(app: NestFastifyApplication): Parting {
  const parting = new Parting(app.getHttpServer(), systemClock);
  app.get(Readiness).whenDraining(() => parting.begin());
  return parting;
}

function httpServer(
  app: NestFastifyApplication,
  { bind: host, port }: { bind: string; port: number },
  parting: Parting,
): HttpServer {
  return {
    async listen() {
      try {
        await app.listen(port, host);
      } catch (error) {
        throw listenError(error, { host, port });
      }
      return Number(new URL(await app.getUrl()).port);
    },
    async close() {
      await parting.done();
      await app.close();
    },
  };
}

/** Serves until the process is told to stop, then stops in good order. */
export async function serve(config: AppParts['config']): Promise<void> {
  const stop = toldToStop();
  const accessRules = accessRulesOf({ tokensFile: config.tokensFile, bind: config.http.bind });
  const { server } = await createApplication({
    config,
    accessRules,
    clock: systemClock,
    random: systemRandom,
  });
  await server.start();
  await stop;
  endAtTheLatestIn(config.shutdown.deadlineMs);
  await server.stop();
}

if (require.main === module) {
  const environment = processEnvironment();
  void runProgram(async () => serve(loadConfig({ file: environment.POINTSMAN_CONFIG, environment })));
}
