import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { systemClock } from '../kernel/clock';
import { portOf } from '../kernel/listen-error';
import { httpPost } from './http-post';

const HEADERS = { 'x-team': 'lamps' };

describe('httpPost', () => {
  let server: Server;
  let url: string;
  let status: number | 'silent';
  let got: { headers: IncomingHttpHeaders; body: string }[];

  beforeEach(async () => {
    status = 200;
    got = [];
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        if (status === 'silent') return;
        response.writeHead(status, { location: '/elsewhere' }).end('x'.repeat(100_000));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${portOf(server.address())}/hook/s3cret-path`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (over: object = {}) =>
    httpPost({ url, headers: HEADERS, timeoutMs: 5_000, ...over }, systemClock)('{"a":1}');

  test('posts JSON with the headers of the configuration', async () => {
    expect(await post()).toEqual({ kind: 'delivered' });
    expect(got[0]).toMatchObject({
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'x-team': 'lamps' },
    });
  });

  test('takes address and token from files, anew each time', () =>
    inTemporaryFolder(async (folder) => {
      const [urlFile, secretFile] = [join(folder, 'url'), join(folder, 'token')];
      await writeFile(urlFile, `${url}\n`);
      const send = httpPost({ urlFile, secretFile, headers: {}, timeoutMs: 5_000 }, systemClock);
      for (const token of ['first', 'second']) {
        await writeFile(secretFile, `${token}\n`);
        await send('{}');
      }
      expect(got.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    }));

  test.each([
    [302, false],
    [307, false],
    [400, false],
    [404, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])('knows whether %i is worth another try: %s', async (answer, again) => {
    status = answer;
    expect(await post()).toMatchObject({ kind: 'failed', again });
    // A redirect is not followed, wherever it leads.
    expect(got).toHaveLength(1);
  });

  test('waits no longer than it may for a receiver that does not answer', async () => {
    status = 'silent';
    expect(await post({ timeoutMs: 50 })).toEqual({
      kind: 'failed',
      message: 'no answer within 50 ms',
      again: true,
    });
  });

  test.each([
    ['nobody listens', { url: 'http://127.0.0.1:9/s3cret-path' }, 'could not'],
    ['the file is missing', { url: undefined, urlFile: '/nowhere/s3cret' }, 'ENOENT'],
    ['the address is none', { url: 's3cret' }, 'ERR_INVALID_URL'],
    ['the protocol is another', { url: 'file:///s3cret' }, 'not an http or https address'],
  ])('says what failed without the address when %s', async (_name, over, _code) => {
    const delivery = await post(over);
    expect(delivery).toMatchObject({ kind: 'failed', again: true });
    expect(JSON.stringify(delivery)).not.toContain('s3cret');
  });
});
