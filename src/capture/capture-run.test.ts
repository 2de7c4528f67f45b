import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { ask, type Answer } from '../../test/support/http';
import { closing, deadPort, dial, SocketBench } from '../../test/support/socket-bench';
import { systemClock } from '../kernel/clock';
import { seededRandom } from '../kernel/random';
import { newIdentity } from '../link/certificate';
import type { CaptureFormat } from './capture-format';
import { CaptureRun, type CaptureRunParts } from './capture-run';

const TOKEN = 'a-token-for-this-test';
const SETTINGS = {
  mode: 'normal',
  slowConsumerDelayMs: 0,
  bufferFillReads: 1,
  ackDelayMs: 0,
  maxConnections: 2,
} as const;
const LOGIN = Buffer.concat([
  Buffer.from('230000001a03379624690010', 'hex'),
  Buffer.from('1e07a1b2c3d4e5f6'),
  Buffer.from('00003c', 'hex'),
]);
const HEARTBEAT = Buffer.from('d300000000', 'hex');
const HEARTBEAT_ANSWER = Buffer.from('d800000000', 'hex');

describe('a capture on real sockets', () => {
  let controller: SocketBench;
  let run: CaptureRun | undefined;
  let written: string;
  let problems: string[];

  beforeEach(async () => {
    controller = await SocketBench.open();
    written = '';
    problems = [];
  });

  afterEach(async () => {
    await run?.stop();
    run = undefined;
    await controller.close();
  });

  const collect = (): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    });

  async function start(
    overrides: Partial<CaptureRunParts> = {},
    output: { stream?: Writable; format?: CaptureFormat; withSecrets?: boolean } = {},
  ): Promise<CaptureRun> {
    run = new CaptureRun({
      clock: systemClock,
      random: seededRandom(1),
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port: controller.port, tls: false },
      control: { port: 0, token: TOKEN },
      settings: SETTINGS,
      output: { stream: collect(), name: 'test', format: 'jsonl', withSecrets: false, ...output },
      onProblem: (message) => problems.push(message),
      ...overrides,
    });
    await run.start();
    return run;
  }

  /** A device that has dialled through, and the controller's end of its connection. */
  async function connected(capture: CaptureRun) {
    const arriving = controller.nextAccepted();
    const device = dial(capture.ports.devices);
    return { device, upstream: await arriving };
  }

  const api = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(`http://127.0.0.1:${run?.ports.control ?? 0}`, {
      path,
      ...(body === undefined ? {} : { body }),
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });

  it('forwards a login unchanged and writes it down without its secret', async () => {
    const { device, upstream } = await connected(await start());
    device.write(LOGIN);
    expect((await once(upstream, 'data'))[0]).toEqual(LOGIN);
    upstream.write(HEARTBEAT_ANSWER);
    expect((await once(device, 'data'))[0]).toEqual(HEARTBEAT_ANSWER);
    const summary = await run?.stop();
    const records = written.trimEnd().split('\n');
    expect(records.map((line) => JSON.parse(line) as object)).toEqual([
      {
        source: expect.stringMatching(/^test .*#L1$/),
        ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        dir: 'dev_to_cloud',
        conn: '1',
        hex: '230000001a03379624690010' + Buffer.from('1e07000000000000').toString('hex') + '00003c',
        read: true,
      },
      expect.objectContaining({ dir: 'cloud_to_dev', conn: '1', hex: 'd800000000' }),
    ]);
    expect(summary?.codec).toMatchObject({ reads: 2, packets: 2, malformed: 0, trailingBytes: 0 });
    expect(summary?.figures).toMatchObject({ connections: 1, active: 0, disconnects: 1 });
  });

  it('keeps the secret only when it was asked to', async () => {
    const { device, upstream } = await connected(await start({}, { withSecrets: true }));
    device.write(LOGIN);
    await once(upstream, 'data');
    await run?.stop();
    expect(written).toContain(LOGIN.toString('hex'));
  });

  it('writes the programme’s text format too', async () => {
    const { device, upstream } = await connected(await start({}, { format: 'text' }));
    await api('/annotate', { label: 'kitchen on' });
    device.write(HEARTBEAT);
    await once(upstream, 'data');
    await run?.stop();
    expect(written).toMatch(/^\S+Z DEV→CLOUD \[kitchen on\] \[conn:1\] \(5 bytes\)\nd3 00 00 00 00\n\n$/);
  });

  it('speaks TLS with a device that has only RSA key exchange', async () => {
    const capture = await start({ identity: await newIdentity(Date.UTC(2026, 0, 1)) });
    const arriving = controller.nextAccepted();
    const device = connectTls({
      port: capture.ports.devices,
      host: '127.0.0.1',
      ciphers: 'AES128-SHA256',
      maxVersion: 'TLSv1.2',
      rejectUnauthorized: false,
    });
    device.on('error', () => {});
    const upstream = await arriving;
    device.write(HEARTBEAT);
    expect((await once(upstream, 'data'))[0]).toEqual(HEARTBEAT);
    device.destroy();
    await closing(upstream);
  });

  it('ends a device whose controller cannot be reached, and says why', async () => {
    const port = await deadPort();
    const capture = await start({ upstream: { host: '127.0.0.1', port, tls: false } });
    await closing(dial(capture.ports.devices));
    expect(problems).toEqual([expect.stringMatching(/^connection 1: the controller cannot be reached: /)]);
    expect(capture.summary().figures).toMatchObject({ connections: 1, unreachable: 1, active: 0 });
  });

  it('relays no more devices than its bound', async () => {
    const capture = await start();
    await connected(capture);
    await connected(capture);
    await closing(dial(capture.ports.devices));
    expect(capture.summary().figures).toMatchObject({ active: 2, refused: 1 });
  });

  it.each([
    ['plain', undefined],
    ['TLS', newIdentity(Date.UTC(2026, 0, 1))],
  ])('loses and changes no byte of a large stream over %s to a receiver that pauses', async (_how, made) => {
    const identity = await made;
    const capture = await start(identity ? { identity } : {}, { stream: new PassThrough().resume() });
    const arriving = controller.nextAccepted();
    const { port, host } = { port: capture.ports.devices, host: '127.0.0.1' };
    const device = identity ? connectTls({ port, host, rejectUnauthorized: false }) : dial(port);
    device.on('error', () => {});
    const upstream = await arriving;
    const sent = Buffer.alloc(3_000_000);
    for (let at = 0; at < sent.length; at += 4) sent.writeUInt32LE(at, at);
    const received = createHash('sha256');
    let size = 0;
    const all = new Promise<void>((resolve) =>
      upstream.on('data', (chunk: Buffer) => {
        received.update(chunk);
        size += chunk.length;
        upstream.pause();
        setImmediate(() => upstream.resume());
        if (size === sent.length) resolve();
      }),
    );
    // Ended at once: the last bytes must not be lost with the connection.
    device.end(sent);
    await all;
    expect(received.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
    await closing(upstream);
    expect(capture.summary().figures.bytes).toEqual({ dev_to_cloud: sent.length, cloud_to_dev: 0 });
  });

  it('stops reading while the file takes nothing, and goes on when it does', async () => {
    const slow = new PassThrough({ highWaterMark: 16 });
    const capture = await start({}, { stream: slow });
    const { device, upstream } = await connected(capture);
    device.write(HEARTBEAT);
    await once(upstream, 'data');
    device.write(HEARTBEAT);
    // A whole HTTP conversation later the second read would long be there.
    await api('/status');
    expect(capture.summary().figures.reads.dev_to_cloud).toBe(1);
    slow.setEncoding('utf8').on('data', (text: string) => (written += text));
    await once(upstream, 'data');
    await capture.stop();
    expect(written.trimEnd().split('\n')).toHaveLength(2);
  });

  it('reads no new device either while the file takes nothing', async () => {
    const slow = new PassThrough({ highWaterMark: 16 });
    const capture = await start({}, { stream: slow });
    const first = await connected(capture);
    first.device.write(HEARTBEAT);
    await once(first.upstream, 'data');
    const second = await connected(capture);
    second.device.write(HEARTBEAT);
    await api('/status');
    expect(capture.summary().figures).toMatchObject({ active: 2, reads: { dev_to_cloud: 1 } });
    slow.resume();
    await once(second.upstream, 'data');
  });

  it('goes on forwarding when the file cannot be written, and counts what is missing', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    const { device, upstream } = await connected(await start({}, { stream: broken }));
    for (let turn = 0; turn < 3; turn += 1) {
      device.write(HEARTBEAT);
      await once(upstream, 'data');
    }
    expect(problems).toEqual(['test cannot be written: no space left. Traffic goes on, uncaptured']);
    expect((await run?.stop())?.lostRecords).toBe(2);
  });

  it('injects into a connection and marks it in the capture', async () => {
    const { device } = await connected(await start());
    const answer = await api('/inject', { hex: 'd8 00000000', direction: 'CLOUD→DEV' });
    expect((await once(device, 'data'))[0]).toEqual(HEARTBEAT_ANSWER);
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'ok', length: 5, total_connections: 1, target_connections: 1, broadcast: false },
    });
    await run?.stop();
    expect(JSON.parse(written)).toMatchObject({ tag: 'INJECTED', hex: 'd800000000', dir: 'cloud_to_dev' });
  });

  it('injects into all connections at once when told to broadcast', async () => {
    const capture = await start();
    const devices = [(await connected(capture)).device, (await connected(capture)).device];
    const heard = devices.map((device) => once(device, 'data'));
    await api('/inject', { hex: 'd800000000', direction: 'cloud_to_dev', broadcast: true });
    expect((await Promise.all(heard)).flat()).toEqual([HEARTBEAT_ANSWER, HEARTBEAT_ANSWER]);
  });

  it('never injects into the middle of a packet', async () => {
    const { device, upstream } = await connected(await start());
    device.write(HEARTBEAT.subarray(0, 3));
    await once(upstream, 'data');
    expect((await api('/inject', { hex: 'd3', direction: 'DEV→CLOUD' })).status).toBe(409);
    device.write(HEARTBEAT.subarray(3));
    await once(upstream, 'data');
    expect((await api('/inject', { hex: 'd3', direction: 'DEV→CLOUD' })).status).toBe(200);
  });

  it('tells how it stands', async () => {
    const { device, upstream } = await connected(await start());
    device.write(HEARTBEAT);
    await once(upstream, 'data');
    await api('/annotate', { label: 'lamp off' });
    expect((await api('/status')).body).toMatchObject({
      status: 'running',
      active_connections: 1,
      capture_file: 'test',
      current_annotation: 'lamp off',
    });
    expect((await api('/metrics')).body).toMatchObject({
      metrics: { dev_to_cloud_packets: 1, cloud_to_dev_packets: 0, dev_to_cloud_bytes: 5, disconnects: 0 },
      backpressure_mode: 'normal',
    });
  });

  it.each([
    ['without a token', { authorization: '' }, 401],
    ['with another token', { authorization: 'Bearer nonsense' }, 401],
    ['under a foreign name', { host: 'evil.example' }, 403],
    ['from a web page', { origin: 'http://evil.example' }, 403],
    ['as a form', { 'content-type': 'text/plain' }, 415],
  ])('refuses a call %s and injects nothing', async (_what, headers, status) => {
    const { device } = await connected(await start());
    const answer = await api('/inject', { hex: 'd8', direction: 'CLOUD→DEV' }, headers);
    expect(answer.status).toBe(status);
    expect(device.bytesRead).toBe(0);
    expect((await run?.stop())?.records).toBe(0);
  });

  it.each([
    [{}, 'hex'],
    [{ hex: 'd3' }, 'direction'],
    [{ hex: 'd', direction: 'CLOUD→DEV' }, 'bytes in hex'],
    [{ hex: '', direction: 'CLOUD→DEV' }, 'bytes in hex'],
    [{ hex: 'd3', direction: 'up' }, 'direction'],
    [{ hex: 'd3', direction: 'CLOUD→DEV', conn: '7' }, 'no such connection'],
  ])('refuses to inject %j and says why', async (body, reason) => {
    await start();
    const answer = await api('/inject', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(reason);
  });
});
