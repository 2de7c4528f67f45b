import { EventClient } from '../support/event-client';
import { ask, problemOf } from '../support/http';
import { rulesFor, startApplication, tokenOf, until, type TestApplication } from '../support/application';
import { EventStreams } from '../../src/api/rollout/event-streams';

describe('following the rollout', () => {
  let application: TestApplication;
  let clients: EventClient[];

  const open = async (headers: Record<string, string> = {}): Promise<EventClient> => {
    const client = await EventClient.open(application.url, headers);
    clients.push(client);
    return client;
  };
  const set = (percentage: number) =>
    ask(application.url, {
      method: 'PUT',
      path: '/v1/rollout/percentage',
      body: { percentage, reason: `to ${percentage}` },
    });
  const clientsOfServer = (): number => application.container.get(EventStreams, { strict: false }).size;

  beforeEach(async () => {
    clients = [];
    application = await startApplication({
      settings: { control: { heartbeatMs: 100, trafficMs: 100, eventStreams: 3 } },
    });
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await application.stop();
  });

  it('begins with where things stand, as an event stream that no proxy keeps', async () => {
    const client = await open();
    await client.seen('rollout');
    expect(client.response.headers).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream') as string,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(client.events[0]).toMatchObject({ event: 'rollout', id: '1', data: { plan: { percentage: 0 } } });
  });

  it('tells two clients each change, its audit entry before the view, in the order in which they were made', async () => {
    const pair = [await open(), await open()];
    for (const percentage of [1, 2, 3]) await set(percentage);
    for (const client of pair) {
      await client.seen('audit', 3);
      await client.seen('rollout', 4);
      expect(client.order.filter((text) => !text.startsWith('traffic'))).toEqual([
        'rollout 1',
        'audit 2',
        'rollout 2',
        'audit 3',
        'rollout 3',
        'audit 4',
        'rollout 4',
      ]);
      expect(client.events.filter(({ event }) => event === 'audit').map(({ data }) => data)).toMatchObject([
        { action: 'set_percentage', reason: 'to 1', by: 'local admin' },
        { reason: 'to 2' },
        { reason: 'to 3' },
      ]);
    }
  });

  it('tells a client that comes back what it has missed, and where things stand', async () => {
    for (const percentage of [1, 2, 3]) await set(percentage);
    const client = await open({ 'last-event-id': '2' });
    await client.seen('rollout');
    expect(client.order).toEqual(['audit 3', 'audit 4', 'rollout 4']);
  });

  it.each(['4', '99', 'yesterday', ''])(
    'tells one that names %j as the last it saw nothing twice',
    async (last) => {
      for (const percentage of [1, 2, 3]) await set(percentage);
      const client = await open({ 'last-event-id': last });
      await client.seen('rollout');
      expect(client.order).toEqual(['rollout 4']);
    },
  );

  it('shows that it is still there while nothing happens', async () => {
    const client = await open();
    await until(() => client.text.split(': still here').length > 3);
    expect(client.order).toEqual(['rollout 1']);
  });

  it('forgets a client that has left', async () => {
    const client = await open();
    await client.seen('rollout');
    expect(clientsOfServer()).toBe(1);
    client.close();
    await until(() => clientsOfServer() === 0);
    expect(clientsOfServer()).toBe(0);
  });

  it('sends away a client that does not read, and loses nothing of one that does', async () => {
    const [quick, slow] = [await open(), await open()];
    await slow.seen('rollout');
    slow.response.pause();
    const streams = application.container.get(EventStreams, { strict: false });
    const data = 'x'.repeat(65_536);
    const messages = 400;
    for (let count = 0; count < messages; count += 1) {
      streams.broadcast({ event: 'traffic', data });
      await quick.seen('traffic', count + 1);
    }
    expect(clientsOfServer()).toBe(1);
    expect(quick.events.filter(({ event }) => event === 'traffic')).toHaveLength(messages);
    expect((await set(1)).status).toBe(200);
    await quick.seen('audit');
  });

  it('takes no more clients than the setting says', async () => {
    for (let count = 0; count < 3; count += 1) await open();
    const answer = await ask(application.url, { path: '/v1/rollout/events' });
    expect(problemOf(answer)).toMatchObject({ status: 503, code: 'events.too_many' });
  });

  it('leaves no stream open for who only asks for the headers', async () => {
    const answer = await ask(application.url, { method: 'HEAD', path: '/v1/rollout/events' });
    expect(answer.status).toBe(200);
    expect(clientsOfServer()).toBe(0);
  });

  it('says farewell and ends when the process stops', async () => {
    const pair = [await open(), await open()];
    await application.stop();
    for (const client of pair) {
      await until(() => client.ended);
      expect(client.order.at(-1)).toBe('end');
    }
  });
});

describe('who may follow the rollout', () => {
  let application: TestApplication;

  beforeAll(async () => {
    application = await startApplication({ accessRules: rulesFor('viewer', 'app') });
  });

  afterAll(() => application.stop());

  it('reads the token from the Authorization header', async () => {
    const client = await EventClient.open(application.url, { authorization: `Bearer ${tokenOf('viewer')}` });
    await client.seen('rollout');
    expect(client.events[0]?.event).toBe('rollout');
    client.close();
  });

  it.each(['token', 'access_token', 'authorization', 'Access_Token'])(
    'refuses a token in the URL as %s, right or wrong, also beside a right header',
    async (name) => {
      const path = `/v1/rollout/events?${name}=${tokenOf('viewer')}`;
      for (const headers of [{}, { authorization: `Bearer ${tokenOf('viewer')}` }]) {
        expect(problemOf(await ask(application.url, { path, headers }))).toMatchObject({
          status: 400,
          code: 'token.in_url',
        });
      }
    },
  );

  it('lets nobody in without a token or with another role', async () => {
    expect((await ask(application.url, { path: '/v1/rollout/events' })).status).toBe(401);
    const headers = { authorization: `Bearer ${tokenOf('app')}` };
    expect((await ask(application.url, { path: '/v1/rollout/events', headers })).status).toBe(403);
  });
});
