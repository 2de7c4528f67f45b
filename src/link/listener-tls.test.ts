import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { Arrivals, RecordingDuplex } from '../../test/support/recording-duplex';
import { closing, dial } from '../../test/support/socket-bench';
import { ownIdentity } from './certificate';
import { Listener } from './listener';
import { SocketDuplex } from './socket-duplex';
import type { Identity } from './tls-policy';

/** What every captured ClientHello offers (protocol 4.1). */
const SUITES = ['AES256-SHA256', 'AES256-SHA', 'AES128-SHA256', 'AES128-SHA'];

describe('a TLS port', () => {
  let folder: string;
  let identity: Identity;
  let listener: Listener;
  let facts: RecordedFacts;
  let arrivals: Arrivals;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointsman-tls-'));
    identity = await ownIdentity(folder, Date.UTC(2026, 0, 1));
  });

  afterAll(() => rm(folder, { recursive: true }));

  beforeEach(() => listen(60_000));

  afterEach(() => listener.close());

  async function listen(tlsHandshakeTimeoutMs: number): Promise<void> {
    facts = new RecordedFacts();
    arrivals = new Arrivals();
    const settings = { host: '127.0.0.1', port: 0, backlog: 16, maxSockets: 16, tlsHandshakeTimeoutMs };
    listener = new Listener({ settings, identity, observe: facts.observe, onDuplex: arrivals.take });
    await listener.listen();
  }

  function dialTls(options: {
    ciphers?: string;
    minVersion?: 'TLSv1' | 'TLSv1.3';
    maxVersion?: 'TLSv1.2' | 'TLSv1.1';
  }): TLSSocket {
    const { port } = listener;
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
    socket.on('error', () => {});
    return socket;
  }

  function failures(): string[] {
    return facts.of('tls_handshake_failed').map(({ code }) => code);
  }

  it.each(SUITES)(
    'agrees on %s with a device that offers nothing else, without a server name',
    async (suite) => {
      const client = dialTls({ ciphers: suite, maxVersion: 'TLSv1.2' });
      await once(client, 'secureConnect');
      expect([client.getCipher().name, client.getProtocol()]).toEqual([suite, 'TLSv1.2']);
      const near = await arrivals.next();
      const far = new RecordingDuplex(new SocketDuplex(client, true));
      near.duplex.write(Uint8Array.of(1, 2));
      far.duplex.write(Uint8Array.of(3));
      await Promise.all([far.received(2), near.received(1)]);
      expect([near.duplex.encrypted, far.bytes, near.bytes]).toEqual([true, [1, 2], [3]]);
      client.destroy();
      await near.closed;
    },
  );

  it('prefers forward secrecy for firmware that has it', async () => {
    const client = dialTls({ maxVersion: 'TLSv1.2' });
    await once(client, 'secureConnect');
    expect(client.getCipher().name).toBe('ECDHE-RSA-AES256-GCM-SHA384');
  });

  it.each([
    ['newer', { minVersion: 'TLSv1.3' }],
    ['older', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ] as const)(
    'refuses a client that speaks only a version %s than 1.2, and reports it',
    async (_, options) => {
      const client = dialTls(options);
      await closing(client);
      expect(failures()).toHaveLength(1);
      expect(arrivals.left).toBe(0);
    },
  );

  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['noise', Buffer.alloc(64, 0xa5).toString('latin1')],
    ['a plain handshake of a device', '\x23\0\0\0\x1a\x03'],
  ])('destroys a connection that says %s instead of a ClientHello', async (_, text) => {
    const client = dial(listener.port);
    client.resume();
    client.write(Buffer.from(text, 'latin1'));
    await closing(client);
    expect(failures()).toHaveLength(1);
    expect(failures()[0]).toMatch(/^ERR_SSL_/);
    expect(arrivals.left).toBe(0);
  });

  it.each([
    ['says nothing', ''],
    ['stops in the middle of its ClientHello', '\x16\x03\x01\x02\0\x01'],
  ])('destroys a connection that %s', async (_, text) => {
    await listener.close();
    await listen(50);
    const client = dial(listener.port);
    client.resume();
    if (text !== '') client.write(Buffer.from(text, 'latin1'));
    await closing(client);
    expect(failures()).toEqual(['ERR_TLS_HANDSHAKE_TIMEOUT']);
  });

  it('goes on after a client that hangs up during the handshake', async () => {
    const client = dial(listener.port);
    await once(client, 'connect');
    client.resetAndDestroy();
    const next = dialTls({ maxVersion: 'TLSv1.2' });
    await once(next, 'secureConnect');
    expect((await arrivals.next()).duplex.encrypted).toBe(true);
  });

  it('leaves no socket when it is closed: neither an agreed one nor one that never said a word', async () => {
    const silent = dial(listener.port);
    silent.resume();
    await once(silent, 'connect');
    const client = dialTls({ maxVersion: 'TLSv1.2' });
    client.resume();
    await once(client, 'secureConnect');
    const near = await arrivals.next();
    const ended = Promise.all([closing(silent), closing(client), near.closed]);
    await listener.close();
    await ended;
    expect(near.endings).toHaveLength(1);
  });
});
