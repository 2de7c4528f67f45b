import { request } from 'node:http';
import { connectInMemory } from '../../test/support/memory-connect';
import { ControllerEnd } from '../../test/support/controller-end';
import { ManualClock } from '../kernel/manual-clock';
import { runScript } from './chaos-script';
import { CALM } from './chaos-settings';
import { ControlServer } from '../kernel/control-server';
import { controlAnswer } from './control-answers';
import { Fleet } from './fleet';

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answered {
  readonly status: number | undefined;
  readonly body: Record<string, unknown>;
}

const clock = new ManualClock();

async function newFleet(): Promise<Fleet> {
  const connect = connectInMemory((duplex) =>
    new ControllerEnd(duplex).send(
      { kind: 'handshake_answer', result: 0 },
      { kind: 'announce', deviceId: 0, messageId: 1, flag: 0 },
    ),
  );
  const fleet = new Fleet({ clock, connect, settings: { size: 3, seed: 1, timing: 'lab' } });
  fleet.start();
  await clock.advanceAsync(10_000);
  return fleet;
}

const TOKEN = 'token-of-this-run';

function controlOf(fleet: Fleet, port: number): ControlServer {
  return new ControlServer({ port, token: TOKEN, answer: (request) => controlAnswer(fleet, request) });
}

describe('the control port', () => {
  let fleet: Fleet;
  let server: ControlServer;

  beforeEach(async () => {
    fleet = await newFleet();
    server = controlOf(fleet, 0);
    await server.start();
  });

  afterEach(async () => {
    await server.close();
    fleet.stop();
  });

  function ask({ method = 'GET', path = '/status', body, raw, headers = {} }: Asked): Promise<Answered> {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const json = text === undefined ? {} : { 'content-type': 'application/json' };
    const all = { authorization: `Bearer ${TOKEN}`, ...json, ...headers };
    return new Promise((resolve, reject) => {
      const asking = request(`${server.url}${path}`, { method, headers: all }, (response) => {
        let answer = '';
        response.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(answer) }));
      });
      asking.on('error', reject);
      asking.end(text);
    });
  }

  it('tells how the fleet fares', async () => {
    expect(await ask({})).toMatchObject({
      status: 200,
      body: {
        size: 3,
        connected: 3,
        ready: 3,
        commands: { received: 0 },
        chaos: { dropped: 0 },
        executionFaults: [],
      },
    });
  });

  it('lists devices in pages, and shows one', async () => {
    const ids = fleet.devices.map(({ id }) => id).sort();
    const first = await ask({ path: '/devices?limit=2' });
    expect(first.body.devices).toMatchObject([{ id: ids[0] }, { id: ids[1] }]);
    expect((await ask({ path: `/devices?after=${ids[1]}` })).body.devices).toMatchObject([{ id: ids[2] }]);
    expect((await ask({ path: `/devices/${ids[0]}` })).body).toMatchObject({ id: ids[0], ready: true });
    expect(await ask({ path: '/devices?limit=0' })).toMatchObject({ status: 400 });
  });

  it('changes what goes wrong for all and for one', async () => {
    const [one, other] = fleet.devices;
    const all = await ask({ method: 'PUT', path: '/chaos', body: { partition: 'both' } });
    expect(all).toEqual({ status: 200, body: { devices: 3 } });
    await ask({ method: 'PUT', path: `/devices/${one?.id}/chaos`, body: { only: 'new' } });
    expect([one?.chaos.settings.partition, one?.chaos.settings.only]).toEqual(['none', 'new']);
    expect(other?.chaos.settings.partition).toBe('both');
  });

  it.each(['power-cycle', 'drop'])('ends a connection: %s', async (what) => {
    const [one] = fleet.devices;
    expect(await ask({ method: 'POST', path: `/devices/${one?.id}/${what}` })).toMatchObject({ status: 200 });
    expect(fleet.status().connected).toBe(2);
  });

  it.each([
    [404, { path: '/nothing' }],
    [405, { method: 'DELETE', path: '/chaos' }],
    [404, { path: '/devices/00000000' }],
    [404, { method: 'POST', path: '/devices/00000000/drop' }],
    [400, { method: 'PUT', path: '/chaos', body: { partition: 'sideways' } }],
    [400, { method: 'PUT', path: '/chaos', raw: '{' }],
    [400, { method: 'PUT', path: '/chaos' }],
    [413, { method: 'PUT', path: '/chaos', raw: `"${'x'.repeat(70_000)}"` }],
    [415, { method: 'PUT', path: '/chaos', raw: '{}', headers: { 'content-type': 'text/plain' } }],
    [401, { headers: { authorization: 'Bearer wrong' } }],
    [401, { headers: { authorization: '' } }],
    [403, { headers: { host: 'rebound.example' } }],
    [403, { headers: { origin: 'http://127.0.0.1' } }],
  ])('answers %d to %j, says why, and changes nothing', async (status, asked: Asked) => {
    const answer = await ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual(expect.stringMatching(/\w/));
    expect(fleet.devices.map(({ chaos }) => chaos.settings)).toEqual([CALM, CALM, CALM]);
    expect(fleet.status().connected).toBe(3);
  });

  it('says which port is taken', async () => {
    const taken = Number(new URL(server.url).port);
    await expect(controlOf(fleet, taken).start()).rejects.toThrow(`port ${taken} on 127.0.0.1 is in use`);
  });
});

describe('a script', () => {
  it('does each step at its time, to the device it names or to all', async () => {
    const fleet = await newFleet();
    const [one, other] = fleet.devices;
    const settings = { ...CALM, partition: 'both' } as const;
    runScript(
      [
        { atMs: 100, apply: { kind: 'chaos', device: one?.id, settings } },
        { atMs: 200, apply: { kind: 'drop' } },
      ],
      fleet,
      clock,
    );
    await clock.advanceAsync(150);
    expect([one?.chaos.settings, other?.chaos.settings]).toEqual([settings, CALM]);
    expect(fleet.status().connected).toBe(3);
    await clock.advanceAsync(50);
    expect(fleet.status().connected).toBe(0);
    fleet.stop();
  });

  it('does nothing more once it is ended', async () => {
    const fleet = await newFleet();
    runScript([{ atMs: 100, apply: { kind: 'drop' } }], fleet, clock)();
    await clock.advanceAsync(200);
    expect(fleet.status().connected).toBe(3);
    fleet.stop();
  });
});
