import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { boundedFetch } from './bounded-fetch';

const LIMITS = { timeoutMs: 2_000, maxBytes: 100 };
const asked: (string | undefined)[] = [];
let server: Server;
let host = '';

beforeAll(async () => {
  server = createServer(({ headers, url }, response) => {
    asked.push(headers.authorization);
    if (url === '/moved') response.writeHead(302, { location: '/' });
    response.end(url === '/long' ? 'x'.repeat(200) : 'well');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const why = async (address: string): Promise<string> => {
  const fetched = await boundedFetch(address, {}, LIMITS);
  return fetched.kind === 'unreachable' ? fetched.why : fetched.text;
};

test('what an address holds of user and password goes into a header', async () => {
  expect(await why(`http://ana:s%C3%A9cret@${host}/`)).toBe('well');
  expect(asked.at(-1)).toBe(`Basic ${Buffer.from('ana:sécret').toString('base64')}`);
});

test('a longer answer and a redirect are given up', async () => {
  expect(await why(`http://${host}/long`)).toBe('the answer is longer than 100 bytes');
  expect(await why(`http://${host}/moved`)).toBe('unexpected redirect');
});

test.each(['http://ana:sesame@127.0.0.1:9/sesame', 'http://127.0.0.1:9/?key=sesame', 'nonsense sesame'])(
  'a failure does not repeat the address: %s',
  async (address) => {
    const text = await why(address);
    expect(text).toMatch(/\w/);
    expect(text).not.toContain('sesame');
  },
);
