import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '../../src/api/openapi-routes';
import { parseDeviceId } from '../../src/kernel/device-id';
import { decodePacket, encodePacket } from '../../src/protocol/codec';
import { Framer } from '../../src/protocol/framer';
import { EventClient } from '../support/event-client';
import { ask, type Ask } from '../support/http';
import { announceAnswer, handshakeOf, ownNodeReport } from '../support/memory-device';
import { Haystack } from '../support/planted';
import { run } from '../support/program';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { Serving } from '../support/serving';
import { dial } from '../support/socket-bench';
import { until } from '../support/until';

/** Each as its place takes it; none is part of another. */
const SECRETS = {
  'the token of the admin': 'planted-admin-Zq7wPx2LmRk9',
  'the token of the viewer': 'planted-viewer-Yt5nBv8KcHd3',
  'a token that nobody knows': 'planted-stranger-Gf4sWq1JhNz6',
  'the password of Redis': 'planted-redis-Xr8mTk2VbQp5',
  'a password that Redis refuses': 'planted-refused-Lw3cDy9FgSn7',
  'the password of Prometheus': 'planted-prom-Hj6vRb4ZxMt1',
  'the path of a receiver': 'planted-path-Uc9kEw5NdPq2',
  'a header of a receiver': 'planted-header-Ob1yGs7TfLx8',
  'the token of a receiver': 'planted-bearer-Ak2hVn6RjWm4',
  'the login code of a device': 'Pd7ZqLw3XkTn9VbR',
  'a login code that is refused': 'Sc5MyHf8GjWr2QtE',
};
const BASIC = `Basic ${Buffer.from(`reader:${SECRETS['the password of Prometheus']}`).toString('base64')}`;
const DEVICE = '37962469';

/** A program that others call: keeps what it is told, and answers as it is set. */
class Called {
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  status = 200;
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      this.requests.push({ headers: request.headers, body });
      response.writeHead(this.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.answer));
    });
  });

  constructor(private readonly answer: unknown) {}

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A device that logs in with a code; resolves when the controller has let it in, or has closed. */
async function login(port: number, code: string): Promise<Socket> {
  const socket = dial(port);
  let isIn = false;
  const deviceId = parseDeviceId(DEVICE);
  const framer = new Framer({
    packet: (bytes) => {
      const packet = decodePacket(bytes);
      if (packet.kind !== 'announce') return;
      socket.write(encodePacket({ ...announceAnswer(packet.messageId), deviceId }));
      socket.write(encodePacket(ownNodeReport(5, deviceId)));
      isIn = true;
    },
    discarded: () => {},
  });
  socket.on('data', (chunk) => framer.push(chunk));
  socket.write(encodePacket(handshakeOf(deviceId, code)));
  await until(() => isIn || socket.destroyed);
  return socket;
}

/** On a machine that does much else. */
jest.setTimeout(90_000);

const hay = new Haystack();
const folder = mkdtempSync(join(tmpdir(), 'pointsman-secrets-'));
const lab = new RedisLab();
const prometheus = new Called({ status: 'success', data: { resultType: 'vector', result: [] } });
const receiver = new Called({});
const sockets: Socket[] = [];
let redis: RedisServer;
let redisHost = '';
let settings: Record<string, unknown> = {};
let serving: Serving | undefined;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function redisUrl(password: string): string {
  return `redis://:${password}@${redisHost}/0`;
}

/** Everything that the API says to anybody, right or wrong. */
async function askAll(serving: Serving, token: string | undefined, where: string): Promise<void> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const reads = ROUTES.filter(
    ({ method, mediaType }) => method === 'get' && mediaType !== 'text/event-stream',
  );
  const asks: Ask[] = [
    ...reads.map(({ path }) => ({ path: path.replace('{id}', DEVICE).replace('{revision}', '1') })),
    { path: '/' },
    { path: '/docs' },
    { path: '/nowhere' },
    { path: '/v1/rollout/percentage', method: 'PUT', body: { percentage: 'ten' } },
    { path: '/v1/rollout/percentage', method: 'PUT', body: { percentage: 12, reason: 'a step' } },
    { path: '/v1/rollout/pins', method: 'PUT', raw: '{"pins":' },
    { path: `/v1/devices/${DEVICE}/commands`, body: { command: 'power', on: true, deadlineMs: 100 } },
    { path: '/v1/webhooks/alertmanager', body: { version: '3' } },
    { path: `/v1/devices/${DEVICE}/forget-credential`, body: { reason: 'a new lamp' } },
  ];
  for (const each of asks) {
    const { status, headers: answered, body } = await serving.ask({ ...each, headers });
    hay.add(`${where}: ${each.method ?? 'GET'} ${each.path}`, JSON.stringify([status, answered, body]));
  }
}

async function metricsOf({ metricsPort }: Serving, where: string): Promise<void> {
  const { body } = await ask(`http://127.0.0.1:${metricsPort}`, { path: '/metrics' });
  hay.add(`${where}: /metrics`, String(body));
}

/** What the command line prints, with a token that is right and with others. */
async function commandLine({ url }: Serving): Promise<void> {
  const right = { POINTSMAN_URL: url, POINTSMAN_TOKEN: SECRETS['the token of the admin'] };
  const stranger = SECRETS['a token that nobody knows'];
  const tokenFile = file('stranger', `${stranger}\n`);
  const calls: [string[], Record<string, string>][] = [
    [['status'], right],
    [['status', '--output', 'json'], right],
    [['history', '--output', 'json'], right],
    [['slo'], right],
    [['explain', DEVICE], right],
    [['report', '--days', '1', '--format', 'html'], right],
    [['legacy'], right],
    [['rollback', '--reason', 'practice'], { ...right, POINTSMAN_TOKEN: SECRETS['the token of the viewer'] }],
    [['status'], { ...right, POINTSMAN_TOKEN: stranger }],
    [['status', '--url', url, '--token-file', tokenFile], {}],
    [['status'], { ...right, POINTSMAN_TOKEN: `${stranger}\nsecond line` }],
    [['status'], { ...right, POINTSMAN_URL: url.replace('//', `//ana:${stranger}@`) }],
    [['status'], { POINTSMAN_URL: `http://ana:${stranger}@127.0.0.1:9`, POINTSMAN_TOKEN: stranger }],
  ];
  const ended = await Promise.all(calls.map(([args, environment]) => run(args, environment)));
  ended.forEach(({ code, out, err }, at) =>
    hay.add(`pointsman ${calls[at]?.[0].join(' ')}`, `${code} ${out} ${err}`),
  );
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 9, 5, 5, 5, 1, 1, 1]);
}

/** What a process writes down beside its log; a token file is where tokens are by intent. */
function stateOf(serving: string): void {
  const state = join(folder, serving, 'state');
  for (const name of readdirSync(state)) {
    if (statSync(join(state, name)).isFile())
      hay.add(`${serving}: ${name}`, readFileSync(join(state, name), 'latin1'));
  }
}

beforeAll(async () => {
  redis = await lab.server('--requirepass', SECRETS['the password of Redis']);
  redisHost = `127.0.0.1:${redis.port}`;
  const [prometheusHost, receiverHost] = await Promise.all([prometheus.start(), receiver.start()]);
  const tokens = [
    { name: 'the admin', role: 'admin', token: SECRETS['the token of the admin'] },
    { name: 'the viewer', role: 'viewer', token: SECRETS['the token of the viewer'] },
  ];
  const path = SECRETS['the path of a receiver'];
  settings = {
    logLevel: 'debug',
    tokensFile: file('tokens.yaml', JSON.stringify({ tokens })),
    prometheus: {
      url: `http://reader:${SECRETS['the password of Prometheus']}@${prometheusHost}`,
      timeoutMs: 1_000,
    },
    notify: {
      retries: 1,
      retryBaseMs: 10,
      receivers: [
        {
          name: 'pager',
          kind: 'json',
          url: `http://${receiverHost}/${path}?key=${path}`,
          headers: { 'X-Key': SECRETS['a header of a receiver'] },
          secretFile: file('bearer', SECRETS['the token of a receiver']),
        },
        { name: 'chat', kind: 'slack', urlFile: file('chat', `http://${receiverHost}/${path}`) },
        { name: 'gone', kind: 'json', url: `http://ana:${path}@127.0.0.1:9/${path}` },
      ],
    },
  };
});

/** Also when a test ended early. */
afterEach(() => serving?.program.signal('SIGKILL'));

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  prometheus.stop();
  receiver.stop();
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

test('secrets get to where they belong and nowhere else, while all is well', async () => {
  const store = { url: redisUrl(SECRETS['the password of Redis']) };
  const well = await Serving.start(folder, 'well', { ...settings, store });
  serving = well;
  const admin = SECRETS['the token of the admin'];
  const events = await EventClient.open(well.url, { authorization: `Bearer ${admin}` });
  sockets.push(await login(well.devicePort, SECRETS['the login code of a device']));
  await until(async () => (await well.metric('tcp_comm_devices_connected')) === 1);
  sockets.push(await login(well.devicePort, SECRETS['a login code that is refused']));
  await askAll(well, admin, 'well');
  await commandLine(well);
  receiver.status = 500;
  await well.ask({
    path: '/v1/rollout/rollback',
    body: { reason: 'practice' },
    headers: { authorization: `Bearer ${admin}` },
  });
  await until(() => receiver.requests.length >= 4 && prometheus.requests.length > 0);
  await events.seen('audit');
  await metricsOf(well, 'well');
  events.close();
  hay.add('well: events', events.text);
  const { out, err } = await well.stop();
  hay.add('well: log', out + err);
  stateOf('well');
  const dump = await redis.cli(
    ...['-a', SECRETS['the password of Redis'], '--no-auth-warning', 'eval'],
    "local all = {} for _, key in ipairs(redis.call('keys', '*')) do all[#all + 1] = key .. redis.call('dump', key) end return all",
    '0',
  );
  hay.add('well: Redis', dump);

  expect(prometheus.requests.at(-1)?.headers.authorization).toBe(BASIC);
  const [told] = receiver.requests.filter(({ headers }) => headers['x-key'] !== undefined);
  expect(told?.headers).toMatchObject({
    'x-key': SECRETS['a header of a receiver'],
    authorization: `Bearer ${SECRETS['the token of a receiver']}`,
  });
  for (const { body } of receiver.requests) hay.add('well: a notification', body);
  expect(out).toContain('"event":"handshake"');
  expect(out).toMatch(/"outcome":"refused"|credential/);
  expect(hay.find(SECRETS)).toEqual([]);
});

test('nor when everything fails: Redis refuses, Prometheus fails, nobody may, receivers are gone', async () => {
  prometheus.status = 503;
  receiver.status = 500;
  const store = { url: redisUrl(SECRETS['a password that Redis refuses']), firstReadMs: 200 };
  const failing = await Serving.start(folder, 'failing', { ...settings, store });
  serving = failing;
  await login(failing.devicePort, SECRETS['the login code of a device']).then((socket) =>
    sockets.push(socket),
  );
  await login(failing.devicePort, SECRETS['a login code that is refused']).then((socket) =>
    sockets.push(socket),
  );
  for (const token of [SECRETS['the token of the admin'], SECRETS['a token that nobody knows'], undefined])
    await askAll(failing, token, 'failing');
  const inUrl = await failing.ask({ path: `/v1/rollout?token=${SECRETS['the token of the admin']}` });
  expect(inUrl.status).toBe(400);
  hay.add('failing: a token in a URL', JSON.stringify(inUrl));
  writeFileSync(join(folder, 'tokens.yaml'), `tokens: ["${SECRETS['the token of the viewer']}`);
  await until(() => failing.program.out.includes('"event":"tokens_refused"'));
  await until(
    () => failing.program.out.includes('"event":"evaluator_blind"') || prometheus.requests.length > 20,
  );
  await metricsOf(failing, 'failing');
  const { out, err } = await failing.stop();
  hay.add('failing: log', out + err);
  stateOf('failing');

  expect(out).toContain('the password is missing or refused');
  expect(hay.find(SECRETS)).toEqual([]);
});

test('nor when the start is refused because of the place in which they stand', async () => {
  const secret = SECRETS['the password of Redis'];
  const wrong = {
    store: { url: `http://ana:${secret}@redis`, sentinel: { name: 'x', nodes: [`a b ${secret}`] } },
    prometheus: { url: `ftp://ana:${secret}@prometheus` },
    alerting: { alertmanagerUrl: `${secret} is no address` },
    notify: {
      receivers: [{ name: 'pager', kind: 'json', url: secret, headers: { 'X-Key': `${secret}\n` } }],
    },
  };
  const config = file('wrong.yaml', JSON.stringify(wrong));
  const ended = [
    await run(['check', config]),
    await run(['serve', '--config', config]),
    await run(['serve'], {
      POINTSMAN_REDIS_URL: `redis//:${secret}@redis`,
      POINTSMAN_PROMETHEUS_URL: secret,
    }),
    await run(['serve'], { POINTSMAN_TOKENS_FILE: file('not-yaml', `tokens: ["${secret}`) }),
    await run(['serve', '--config', file('torn.yaml', `store: { url: "${secret}`)]),
  ];
  for (const { code, out, err } of ended) {
    expect(code).toBe(1);
    hay.add('a refused start', out + err);
  }
  expect(hay.find(SECRETS)).toEqual([]);
  expect(hay.size).toBeGreaterThan(100_000);
});

test('a secret is found in each form in which it could have been written', () => {
  const pile = new Haystack();
  const [name, secret] = ['the password', 'planted-Zq7w?Px2'];
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('base64'),
    [...bytes].join(),
  ];
  for (const form of forms) pile.add('somewhere', `a line with ${form} in it`);
  expect(pile.find({ [name]: secret }).length).toBeGreaterThanOrEqual(forms.length);
});
