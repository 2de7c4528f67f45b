import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { ManualClock } from '../../kernel/manual-clock';
import { DEFAULT_OBJECTIVES, type Objective } from '../objectives';
import type { Health, Readings } from '../readings';
import { PrometheusClient } from './client';
import { PrometheusReader } from './reader';
import { KEY_LABEL } from './vector';

const [success] = DEFAULT_OBJECTIVES as [Objective];
const MINUTE = 60_000;
const LIMIT = 20_000;
const REQUEST = { objective: success, transport: 'new', scope: 3, windowsMs: [5 * MINUTE] } as const;

interface Asked {
  readonly reader: PrometheusReader;
  readonly queries: string[];
  readonly skews: number[];
}

/** A reader whose Prometheus is this function. */
async function against<T>(
  answer: RequestListener,
  use: (asked: Asked) => Promise<T>,
  timeoutMs = 2_000,
): Promise<T> {
  const queries: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      queries.push(body);
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const skews: number[] = [];
  const client = new PrometheusClient({
    clock: new ManualClock(),
    settings: { url: `http://127.0.0.1:${port}/prom/`, timeoutMs, bodyLimitBytes: LIMIT },
    onSkew: (skew) => skews.push(skew),
  });
  const reader = new PrometheusReader(client, {
    series: 'raw',
    scrapeIntervalMs: 15_000,
    selector: '',
    environment: 'lab',
    expectedReplicas: 2,
  });
  try {
    return await use({ reader, queries, skews });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const says =
  (text: string, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };

function vector(parts: Readonly<Record<string, string>>): string {
  const result = Object.entries(parts).map(([key, value]) => ({
    metric: { [KEY_LABEL]: key },
    value: [1, value],
  }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

const read = (answer: RequestListener, timeoutMs?: number): Promise<Readings> =>
  against(answer, ({ reader }) => reader.read(REQUEST), timeoutMs);
const readOf = async (parts: Readonly<Record<string, string>>) => {
  const readings = await read(says(vector(parts)));
  return readings.kind === 'read' ? readings.byWindow.get(5 * MINUTE) : readings;
};

describe('a window', () => {
  const WHOLE = { 'bad:5m': '2', 'all:5m': '300', 'coverage:5m': '0.5' };

  test('has its bad and all events and how much was measured', async () => {
    expect(await readOf(WHOLE)).toEqual({ kind: 'counts', bad: 2, all: 300, coverage: 0.5 });
  });

  test('without events has none, and that is known', async () => {
    expect(await readOf({ ...WHOLE, 'bad:5m': '0', 'all:5m': '0' })).toMatchObject({
      kind: 'counts',
      all: 0,
    });
  });

  test('has no more bad events than events', async () => {
    expect(await readOf({ ...WHOLE, 'bad:5m': '301' })).toMatchObject({ bad: 300, all: 300 });
  });

  test.each([
    ['bad:5m', 'NaN', 'NaN'],
    ['all:5m', '+Inf', '"+Inf" is no number'],
    ['all:5m', '1e309', 'beyond every number'],
    ['bad:5m', '', '"" is no number'],
    ['bad:5m', '-1', 'less than nothing'],
    ['coverage:5m', '3', 'more samples in 5m than one each 15 s'],
  ])('with %s = %j is no data', async (key, value, why) => {
    expect(await readOf({ ...WHOLE, [key]: value })).toMatchObject({
      kind: 'no_data',
      why: expect.stringContaining(why) as string,
    });
  });

  test.each(['bad:5m', 'all:5m', 'coverage:5m'])(
    'without a series for %s is no data, not zero',
    async (key) => {
      const parts = Object.fromEntries(Object.entries(WHOLE).filter(([name]) => name !== key));
      expect(await readOf(parts)).toMatchObject({ kind: 'no_data' });
    },
  );
});

describe('a Prometheus that cannot be read', () => {
  test.each<[string, RequestListener, string]>([
    ['answers HTML', says('<html>'), 'no JSON'],
    ['answers 500', says('oops', 500), 'HTTP 500'],
    [
      'answers 422 with its reason',
      says('{"status":"error","errorType":"execution","error":"too many"}', 422),
      'too many',
    ],
    [
      'answers 200 with an error',
      says('{"status":"error","errorType":"timeout","error":"slow"}'),
      'timeout: slow',
    ],
    ['sends elsewhere', says('', 302, { location: 'http://127.0.0.1:1/' }), 'redirect'],
    ['answers more than it may', says('x'.repeat(LIMIT + 1)), `longer than ${LIMIT} bytes`],
    ['hangs up', (request) => request.socket.destroy(), ''],
  ])('because it %s is unreachable and says why', async (_what, answer, why) => {
    const readings = await read(answer);
    expect(readings).toMatchObject({ kind: 'unreachable', why: expect.stringContaining(why) as string });
  });

  test('because it never answers is given up', async () => {
    expect(await read(() => {}, 100)).toMatchObject({ kind: 'unreachable', why: 'no answer within 100 ms' });
  });

  test('because it never stops answering is given up', async () => {
    const readings = await read((_request, response) => {
      response.writeHead(200).write(' '.repeat(100));
    }, 100);
    expect(readings).toMatchObject({ kind: 'unreachable', why: 'no answer within 100 ms' });
  });

  test('because nobody listens is unreachable', async () => {
    const client = new PrometheusClient({
      clock: new ManualClock(),
      settings: { url: 'http://127.0.0.1:1', timeoutMs: 1_000, bodyLimitBytes: LIMIT },
      onSkew: () => {},
    });
    expect(await client.query('up', new Set())).toMatchObject({ kind: 'failed' });
  });
});

describe('a question', () => {
  test('goes to the path that was configured, and names no instant', async () => {
    await against(says(vector({})), async ({ reader, queries }) => {
      await reader.read(REQUEST);
      const form = new URLSearchParams(queries[0]);
      expect([...form.keys()].sort()).toEqual(['query', 'timeout']);
      expect(form.get('query')).not.toContain('@');
    });
  });

  test('notices that the clocks are apart', async () => {
    const date = new Date(new ManualClock().wallNow() + 45_000).toUTCString();
    await against(says(vector({}), 200, { date }), async ({ reader, skews }) => {
      await reader.read(REQUEST);
      expect(skews).toEqual([45_000]);
    });
  });
});

describe('whether the numbers may be believed', () => {
  const METRIC = 'age:tcp_comm_command_total';
  const WELL = { time: '1000', replicas: '2', [METRIC]: '5' };
  const check = (parts: Readonly<Record<string, string>>): Promise<Health> =>
    against(says(vector(parts)), ({ reader }) => reader.check([success]));

  test('they may when replicas are up, of this environment, and fresh', async () => {
    expect(await check(WELL)).toEqual({ kind: 'well', nowMs: 1_000_000 });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a replica is missing', { ...WELL, replicas: '1' }, '1 of 2 replicas of environment lab are up'],
    ['none is there', { time: '1000', [METRIC]: '5' }, '0 of 2 replicas'],
    ['another environment is there too', { ...WELL, others: '1' }, 'another environment than lab'],
    ['a sample is older than three scrapes', { ...WELL, [METRIC]: '46' }, 'is 46 s old, more than 45 s'],
    [
      'a metric is not there',
      { time: '1000', replicas: '2' },
      'no series tcp_comm_command_total: was it renamed?',
    ],
    ['the age is NaN', { ...WELL, [METRIC]: 'NaN' }, 'no series'],
    ['there is no time', { replicas: '2', [METRIC]: '5' }, 'does not say what time it is'],
  ])('not when %s', async (_what, parts, why) => {
    expect(await check(parts)).toMatchObject({ kind: 'blind', why: expect.stringContaining(why) as string });
  });

  test('they may at exactly three scrapes', async () => {
    expect(await check({ ...WELL, [METRIC]: '45' })).toMatchObject({ kind: 'well' });
  });
});
