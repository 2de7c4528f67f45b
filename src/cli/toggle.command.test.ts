import { Readable } from 'node:stream';
import { MockTcpServer } from '../../test/support/mock-tcp-server';
import { deadPort } from '../../test/support/socket-bench';
import { toggleCommand } from './toggle.command';

async function run(args: readonly string[], environment: Record<string, string> = {}) {
  let out = '';
  let err = '';
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const command = toggleCommand({ io: { ...io, stdin: Readable.from([]) }, environment }).exitOverride();
  const thrown = await command.parseAsync(['--metrics-port', '0', ...args], { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { out, err, thrown };
}

describe('pointsman toggle', () => {
  let server: MockTcpServer;

  beforeEach(async () => (server = await MockTcpServer.open(['SUCCESS'])));
  afterEach(() => server.close());

  const lamp = (port: number): string[] =>
    `--device-id lamp --device-host 127.0.0.1 --framing f00d --device-port ${port}`.split(' ');

  it('ends well when the device answered', async () => {
    const { out, thrown } = await run(lamp(server.port));
    expect(thrown).toBeUndefined();
    expect(out).toContain('"message":"toggled"');
  });

  it('fails, and says why, when it did not', async () => {
    const { thrown } = await run([...lamp(await deadPort()), '--max-attempts', '1']);
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^lamp was not toggled: .*ECONNREFUSED/) });
  });

  it('takes from variables what the command line does not say', async () => {
    const { thrown } = await run(['--framing', 'f00d', '--device-id', 'lamp'], {
      DEVICE_ID: 'another lamp',
      DEVICE_HOST: '127.0.0.1',
      DEVICE_PORT: String(server.port),
      STATE: 'false',
      LOG_LEVEL: 'debug',
    });
    expect(thrown).toBeUndefined();
    const text = server.requests.map(String).join('');
    expect(text).toContain('"device_id":"lamp"');
    expect(text).toContain('"state":false');
  });

  it.each([
    [[], {}, '--device-id and --device-host are needed'],
    [['--device-id', 'lamp', '--device-host', 'x'], {}, '8 lower-case hex digits'],
    [['--state', 'perhaps'], {}, 'on, true, 1, off, false, 0'],
    [[], { DEVICE_PORT: 'nine' }, 'DEVICE_PORT is'],
    [['--max-attempts', '0'], {}, 'from 1 to 100'],
  ])('refuses %j with %j and says what was wrong', async (args, environment, reason) => {
    const { out, err, thrown } = await run(args, environment);
    expect(`${out}${err}`).toContain(reason);
    expect(thrown).toBeDefined();
  });
});
