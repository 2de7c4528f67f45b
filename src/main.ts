import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { Access } from './api/access';
import { accessRulesOf, describeAccess } from './api/access-rules';
import { openApiDocument } from './api/openapi';
import { Readiness } from './api/readiness';
import { AppModule, type AppParts } from './app.module';
import { loadConfig } from './config/load';
import { processEnvironment } from './config/process-environment';
import { systemClock } from './kernel/clock';
import { listenError } from './kernel/listen-error';
import { systemRandom } from './kernel/random';
import { runUntilSignal } from './kernel/run-until-signal';
import { OBSERVE } from './kernel/tokens';
import { Lifecycle, type HttpServer } from './lifecycle';
import { CredentialFile } from './link/credential-file';
import { DevicePorts } from './link/device-ports';
import { SessionRegistry } from './link/session-registry';
import { Rollout } from './rollout/rollout';
import { Lanes } from './routing/lanes';
import { MetricsServer } from './telemetry/metrics-server';

/** Builds the whole application; nothing listens until the lifecycle is started. */
export async function createApplication(parts: AppParts): Promise<Lifecycle> {
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
  return new Lifecycle({
    http: httpServer(app, parts.config.http),
    access: app.get(Access),
    accessNote: describeAccess(parts.accessRules),
    readiness: app.get(Readiness),
    ports: app.get(DevicePorts),
    registry: app.get(SessionRegistry),
    credentialFile: app.get(CredentialFile),
    lanes: app.get(Lanes),
    rollout: app.get(Rollout),
    metrics: app.get(MetricsServer),
    config: parts.config,
    clock: parts.clock,
    observe: app.get(OBSERVE),
  });
}

/** The application on the machine's own clock, with the access that its configuration gives. */
export function createServer(config: AppParts['config']): Promise<Lifecycle> {
  const accessRules = accessRulesOf({ tokensFile: config.tokensFile, bind: config.http.bind });
  return createApplication({ config, accessRules, clock: systemClock, random: systemRandom });
}

function httpServer(
  app: NestFastifyApplication,
  { bind: host, port }: { bind: string; port: number },
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
    close: () => app.close(),
  };
}

if (require.main === module) {
  void runUntilSignal(async () => {
    const environment = processEnvironment();
    const server = await createServer(loadConfig({ file: environment.POINTSMAN_CONFIG, environment }));
    await server.start();
    return () => server.stop();
  });
}
