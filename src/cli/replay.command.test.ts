import { Readable } from 'node:stream';
import { deadPort } from '../../test/support/socket-bench';
import { replayCommand } from './replay.command';

const LOGIN = '230000001a03379624690010316530373030303030303030303030303000003c';

async function run(args: readonly string[], stdin: readonly string[] = []) {
  let out = '';
  let err = '';
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const command = replayCommand({ ...io, stdin: Readable.from(stdin) }).exitOverride();
  const thrown = await command.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { out, err, thrown };
}

describe('pointsman replay', () => {
  it('shows an example in its help', async () => {
    expect((await run(['--help'])).out).toContain('pointsman replay kitchen.jsonl --as devices');
  });

  it.each([
    [['--speed', '0', '-'], 'a number above 0, or max'],
    [['--as', 'app', '-'], 'devices, controller'],
    [['--address', 'nowhere', '-'], 'host:port'],
  ])('refuses %j and says what was wrong', async (args, reason) => {
    expect((await run(args)).err).toContain(reason);
  });

  it.each([
    [[], 'there is no packet to replay'],
    [['d300000000\n'], 'does not say who sent what'],
    [['nonsense\n'], 'standard input, line 1'],
  ])('refuses a capture like %j', async (input, reason) => {
    expect((await run(['-'], input)).thrown).toMatchObject({ message: expect.stringContaining(reason) });
  });

  it('reports what it could not reach, and fails', async () => {
    const line = JSON.stringify({ ts: '', dir: 'dev_to_cloud', conn: '1', hex: LOGIN });
    const address = `127.0.0.1:${await deadPort()}`;
    const { out, err, thrown } = await run(['--address', address, '--output', 'json', '-'], [line]);
    expect(JSON.parse(out)).toMatchObject({ connections: 1, played: 0, unreachable: 1, sent: 0 });
    expect(err).toContain('the controller cannot be reached');
    expect(thrown).toMatchObject({ message: 'what came back is not what was captured' });
  });
});
