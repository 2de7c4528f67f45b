import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readMutes, type Mutes } from './alertmanager-reader';

const ROLLBACK = { labels: { alertname: 'NewPathFailing', action: 'rollback', transport: 'new' } };

/** An Alertmanager that answers what it is told to. */
async function mutesWith(answers: { silences?: unknown; alerts?: unknown; status?: number }): Promise<Mutes> {
  const server: Server = createServer((request, response) => {
    const body = request.url?.includes('silences') ? answers.silences : answers.alerts;
    response
      .writeHead(answers.status ?? 200)
      .end(typeof body === 'string' ? body : JSON.stringify(body ?? []));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await readMutes(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, [ROLLBACK]);
  } finally {
    server.close();
  }
}

const silence = (matchers: object[], state = 'active'): object => ({
  id: 's1',
  status: { state },
  matchers,
  createdBy: 'ana',
  comment: 'let me sleep',
  endsAt: '2026-01-02T00:00:00Z',
});
const is = (name: string, value: string): object => ({ name, value, isRegex: false, isEqual: true });
const like = (name: string, value: string, isEqual = true): object => ({
  name,
  value,
  isRegex: true,
  isEqual,
});

describe('what mutes a rollback', () => {
  it.each([
    ['names the alert', [is('alertname', 'NewPathFailing')]],
    ['lists it among others', [like('alertname', 'Other|NewPathFailing')]],
    ['names its action', [is('action', 'rollback')]],
    ['asks for a label that is not known beforehand', [is('generation', '3')]],
    ['has a pattern that may match', [like('alertname', '.*Failing')]],
    ['excludes what may be another one', [like('alertname', 'Other.*', false)]],
  ])('is a silence that %s', async (_, matchers) => {
    expect(await mutesWith({ silences: [silence(matchers)] })).toEqual({
      kind: 'muted',
      by: ['silence s1 of ana until 2026-01-02T00:00:00Z ("let me sleep")'],
    });
  });

  it.each([
    ['names another alert', silence([is('alertname', 'DiskFull')])],
    ['lists only others', silence([like('alertname', 'DiskFull|DiskSlow')])],
    ['excludes it', silence([like('alertname', 'NewPathFailing', false)])],
    ['is over', silence([is('action', 'rollback')], 'expired')],
  ])('is not a silence that %s', async (_, one) => {
    expect(await mutesWith({ silences: [one] })).toEqual({ kind: 'none' });
  });

  it('is an inhibition of a rollback alert that fires', async () => {
    const alert = { labels: ROLLBACK.labels, status: { inhibitedBy: ['f2'], silencedBy: [] } };
    expect(await mutesWith({ alerts: [alert] })).toEqual({
      kind: 'muted',
      by: ['NewPathFailing fires and is inhibited by another alert'],
    });
  });

  it.each([
    ['an error', { status: 500 }, 'status 500'],
    ['another server’s page', { silences: '<html>' }, 'the answer is not what Alertmanager answers'],
    ['too much', { silences: ' '.repeat(1_100_000) }, 'the answer is longer than 1048576 bytes'],
  ])('is unknown when the answer is %s', async (_, answers, why) => {
    expect(await mutesWith(answers)).toEqual({ kind: 'unread', why });
  });

  it('is unknown when nobody answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await readMutes(`http://127.0.0.1:${port}`, [ROLLBACK])).toEqual({
      kind: 'unread',
      why: 'ECONNREFUSED',
    });
  });
});
