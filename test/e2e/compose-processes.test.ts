import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCompose, serviceOf } from '../support/compose';
import { FREE_PORTS, Program, run } from '../support/program';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT } from '../support/tool';

const compose = readCompose();
const DEPLOY = join(ROOT, 'deploy/compose');

/** The arguments of a service, with others in place of some. */
function commandOf(name: string, instead: Readonly<Record<string, string>>): string[] {
  return (serviceOf(compose, name).command ?? []).map((argument) => {
    const [flag = ''] = argument.split('=');
    return instead[flag] === undefined ? argument : `${flag}=${instead[flag]}`;
  });
}

/** What was started, so that nothing of it outlives a test that failed. */
const started: { kill: () => void }[] = [];

afterEach(() => {
  for (const { kill } of started.splice(0)) kill();
});

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Program {
  const program = new Program(args, environment);
  started.push({ kill: () => program.signal('SIGKILL') });
  return program;
}

test('the fleet, the application and the command line of compose.yaml reach a server with the tokens that are made', async () => {
  await inTemporaryFolder(async (folder) => {
    for (const name of ['server', 'people', 'application', 'alertmanager', 'grafana'])
      mkdirSync(join(folder, name));
    await once(spawn(process.execPath, [join(DEPLOY, 'make-tokens.mjs'), folder]), 'exit');
    const server = start(['serve'], {
      ...FREE_PORTS,
      POINTSMAN_STATE_DIR: join(folder, 'state'),
      POINTSMAN_TOKENS_FILE: join(folder, 'server/tokens.yaml'),
    });
    const [, http = '', tls = ''] = await server.printed(/"http":(\d+).*"devices_tls":(\d+)/);
    const url = `http://127.0.0.1:${http}`;

    const fleet = start(
      commandOf('fleet', {
        '--devices': '5',
        '--address': `127.0.0.1:${tls}?tls`,
        '--spread': '0',
        '--every': '1',
        '--chaos': join(DEPLOY, 'chaos/none.yaml'),
      }),
    );
    await fleet.printed(/5 ready/);
    const application = spawn(process.execPath, [join(DEPLOY, 'send-commands.mjs')], {
      env: { SERVER_URL: url, TOKEN_FILE: join(folder, 'application/token'), COMMANDS_PER_SECOND: '20' },
    });
    started.push({ kill: () => application.kill('SIGKILL') });
    await fleet.printed(/[1-9]\d* executed;/);

    const token = ['--url', url, '--token-file', join(folder, 'people/admin-token')];
    expect(await run(['set', '10', '--reason', 'a first step', ...token])).toMatchObject({ code: 0 });
    const viewer = ['--url', url, '--token-file', join(folder, 'people/viewer-token')];
    expect(await run(['status', ...viewer])).toMatchObject({ code: 0, out: expect.stringContaining('10 %') });

    const gone = once(application, 'exit');
    application.kill('SIGTERM');
    for (const program of [fleet, server]) program.signal('SIGTERM');
    expect(await gone).toEqual([0, null]);
    expect([(await fleet.end()).code, (await server.end()).code]).toEqual([0, 0]);
  });
});
