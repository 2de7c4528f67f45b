import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { captureCommand } from './capture.command';

async function refused(args: readonly string[]): Promise<{ out: string; err: string; thrown: unknown }> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const command = captureCommand({ ...io, stdin: Readable.from([]) }).exitOverride();
  const thrown = await command.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeDefined();
  return { out, err, thrown };
}

describe('pointsman capture', () => {
  it('shows an example in its help', async () => {
    expect((await refused(['--help'])).out).toContain('pointsman capture --upstream-host 10.0.0.5');
  });

  it.each([
    [[], '--upstream-host'],
    [['--listen-port', '65536'], 'from 0 to 65535'],
    [['--backpressure-mode', 'hard'], 'normal, slow_consumer, buffer_fill, ack_delay'],
    [['--ack-delay', '-1'], 'seconds from 0'],
    [['--format', 'xml'], 'jsonl, text'],
  ])('refuses %j and says what was wrong', async (args, reason) => {
    expect((await refused(args)).err).toContain(reason);
  });

  it('never writes over a capture that is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pointsman-capture-'));
    const file = join(folder, 'kitchen.jsonl');
    writeFileSync(file, 'precious');
    const { thrown } = await refused(['--no-tls', '--upstream-host', 'x', '--file', file]);
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^cannot write the capture: EEXIST/) });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    rmSync(folder, { recursive: true });
  });

  it('wants certificate and key together', async () => {
    const { thrown } = await refused(['--upstream-host', 'x', '--cert', 'cert.pem']);
    expect(thrown).toMatchObject({ message: '--cert and --key belong together' });
  });
});
