import { once } from 'node:events';
import { connect } from 'node:net';
import { parseDeviceId } from '../../src/kernel/device-id';
import { Secret } from '../../src/kernel/secret';
import { encodePacket } from '../../src/protocol/codec';
import { ask, field, problemOf } from '../support/http';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import type { Fleet } from '../../src/simulator/fleet';

describe('commands over HTTP to devices that dialled in', () => {
  let application: TestApplication;
  let fleet: Fleet;
  let device: string;

  beforeAll(async () => {
    application = await startApplication({ settings: { rollout: { seedPercentage: 100, holdback: 0 } } });
    fleet = await startFleet(application, { mix: { bulb: 1, plug: 0, switch: 0, led_strip: 0 } });
    device = fleet.devices[0]?.id ?? '';
  });

  afterAll(async () => {
    fleet.stop();
    await application.stop();
  });

  const send = (body: unknown, headers: Record<string, string> = {}, id = device) =>
    ask(application.url, { path: `/v1/devices/${id}/commands`, body, headers });

  it('answers 200 with the receipt when the device applied the command, and the lamp really changed', async () => {
    const answer = await send({ command: 'power', on: true });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      deviceId: device,
      transport: 'new',
      outcome: 'applied',
      attempts: 1,
      generation: 1,
      mirrored: false,
    });
    await send({ command: 'power', on: false });
    await until(async () => {
      const shown = await ask(application.url, { path: `/v1/devices/${device}` });
      return (field(shown, 'nodes') as { on: boolean }[])[0]?.on === false;
    });
  });

  it('carries every kind of command to the device', async () => {
    const wishes = [
      { command: 'brightness', level: 39 },
      { command: 'temperature', level: 72 },
      { command: 'color', r: 0, g: 251, b: 255 },
      { command: 'show', name: 'fireworks' },
      { command: 'mode', mode: 'smart' },
    ];
    const statuses = [];
    for (const wish of wishes) statuses.push((await send(wish)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  });

  it('refuses a body that breaks a rule with 400 and names the rule, and executes nothing', async () => {
    const before = fleet.totals().received;
    const bad = [
      { command: 'brightness', level: 101 },
      { command: 'brightness', level: '50' },
      { command: 'power' },
      { command: 'power', on: 'yes' },
      { command: 'explode' },
      { command: 'power', on: true, extra: 1 },
      { command: 'power', on: true, deadlineMs: 99 },
      { command: 'power', on: true, deadlineMs: 60_001 },
      { command: 'power', on: true, node: 0 },
      [],
      null,
    ];
    for (const body of bad) {
      const answer = await send(body);
      expect({ body, status: answer.status }).toEqual({ body, status: 400 });
      expect(problemOf(answer).detail).not.toBe('');
    }
    expect(fleet.totals().received).toBe(before);
  });

  it('answers 404 for a device that was never seen, and 400 for what is no device id', async () => {
    expect(problemOf(await send({ command: 'power', on: true }, {}, '00000000')).code).toBe('device.unknown');
    expect((await send({ command: 'power', on: true }, {}, 'ZZ')).status).toBe(400);
  });

  it('answers 504 with the receipt when a node does not reply before the deadline', async () => {
    const answer = await send({ command: 'power', on: true, node: 200, deadlineMs: 300 });
    expect(answer.status).toBe(504);
    expect(problemOf(answer)).toMatchObject({
      code: 'command.accepted',
      receipt: { outcome: 'accepted', deviceId: device },
    });
  });

  it('executes a command once for two requests with one Idempotency-Key, and refuses the key for another command', async () => {
    const before = fleet.totals().executed;
    const key = { 'idempotency-key': 'a-key' };
    const [first, second] = await Promise.all([
      send({ command: 'power', on: true }, key),
      send({ command: 'power', on: true }, key),
    ]);
    expect(field(first, 'commandId')).toBe(field(second, 'commandId'));
    expect(fleet.totals().executed).toBe(before + 1);
    expect(problemOf(await send({ command: 'power', on: false }, key)).code).toBe('idempotency.mismatch');
  });

  it('sends one command to many devices and collects what failed', async () => {
    const answer = await ask(application.url, {
      path: '/v1/commands',
      body: { devices: [device, '00000000'], command: 'power', on: true },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      receipts: [{ deviceId: device, outcome: 'applied' }],
      failed: [{ deviceId: '00000000', outcome: 'device.unknown' }],
    });
    const crowd = Array.from({ length: 101 }, (_, at) => at.toString(16).padStart(8, '0'));
    expect(
      (
        await ask(application.url, {
          path: '/v1/commands',
          body: { devices: crowd, command: 'power', on: true },
        })
      ).status,
    ).toBe(400);
  });

  it('lists the mesh behind a bridge, page by page, and what the bridge said of itself', async () => {
    const mesh = await ask(application.url, { path: `/v1/devices/${device}/mesh` });
    const nodes = (field(mesh, 'nodes') as { node: number }[]).map(({ node }) => node).sort();
    expect(nodes).toEqual([...(fleet.device(device)?.nodes ?? [])].map(({ node }) => node).sort());
    const info = await ask(application.url, { path: `/v1/devices/${device}/info` });
    expect(info.body).toMatchObject({ deviceId: device, nodes: nodes.length });
    expect((await ask(application.url, { path: `/v1/devices/${device}/mesh?deadlineMs=1e3` })).status).toBe(
      400,
    );
  });

  it('carries a command to a group of nodes at once', async () => {
    expect((await send({ command: 'power', on: true, node: 0x8010 })).body).toMatchObject({
      outcome: 'applied',
    });
    expect((await send({ command: 'power', on: true, node: 0xffff })).body).toMatchObject({
      outcome: 'applied',
    });
  });

  it('explains the route of a device', async () => {
    const answer = await ask(application.url, { path: `/v1/devices/${device}/route` });
    expect(answer.body).toMatchObject({
      deviceId: device,
      transport: 'new',
      reason: 'in_percentage',
      percentage: 100,
      holdback: 0,
      seen: true,
    });
  });

  it('lists connected devices page by page', async () => {
    const first = await ask(application.url, { path: '/v1/devices?limit=1' });
    const next = field(first, 'next') as string;
    const rest = await ask(application.url, { path: `/v1/devices?limit=10&after=${next}` });
    const ids = [first, rest].flatMap((page) =>
      (field(page, 'devices') as { deviceId: string }[]).map(({ deviceId }) => deviceId),
    );
    expect(ids).toEqual([...ids].sort());
    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(field(rest, 'next')).toBeNull();
  });

  it('counts what happened on /metrics', async () => {
    const { body } = await ask(`http://127.0.0.1:${application.ports.metrics}`, { path: '/metrics' });
    expect(body).toMatch(/tcp_comm_command_total\{transport="new",outcome="applied",generation="1"\} [1-9]/);
    expect(body).toContain('tcp_comm_command_total{transport="legacy",outcome="applied",generation="1"} 0');
    expect(body).toContain('tcp_comm_canary_percentage 100');
    expect(body).toContain(`tcp_comm_devices_connected `);
  });
});

describe('a device that has gone', () => {
  it('is answered 503 with Retry-After, and nothing is transmitted', async () => {
    const application = await startApplication();
    const fleet = await startFleet(application, { size: 1 });
    const device = fleet.devices[0]?.id ?? '';
    fleet.stop();
    await until(
      async () => field(await ask(application.url, { path: `/v1/devices/${device}` }), 'connected') === false,
    );
    const answer = await ask(application.url, {
      path: `/v1/devices/${device}/commands`,
      body: { command: 'power', on: true },
    });
    expect(problemOf(answer)).toMatchObject({
      status: 503,
      code: 'command.not_connected',
      receipt: { attempts: 0 },
    });
    expect(answer.headers['retry-after']).toBe('1');
    await application.stop();
  });
});

describe('an impostor', () => {
  it('that shows another auth code does not displace the device', async () => {
    const application = await startApplication();
    const fleet = await startFleet(application, { size: 1 });
    const device = fleet.devices[0]?.id ?? '';
    const handshake = encodePacket({
      kind: 'handshake',
      version: 3,
      deviceId: parseDeviceId(device),
      auth: new Secret(Buffer.from('1e07ffffffffffff')),
      flags: 0,
      keepaliveSeconds: 60,
    });
    const impostor = connect({ port: application.ports.devicesPlain as number, host: '127.0.0.1' });
    const heard: Buffer[] = [];
    impostor.on('data', (chunk) => heard.push(chunk));
    impostor.on('error', () => {});
    impostor.write(handshake);
    await once(impostor, 'close');
    expect(Buffer.concat(heard)).toHaveLength(0);
    const answer = await ask(application.url, {
      path: `/v1/devices/${device}/commands`,
      body: { command: 'power', on: true },
    });
    expect(answer.body).toMatchObject({ outcome: 'applied' });
    expect(fleet.status().ready).toBe(1);
    fleet.stop();
    await application.stop();
  });
});

describe('commands over TLS', () => {
  it('reach a device that dialled in over TLS 1.2', async () => {
    const application = await startApplication();
    const fleet = await startFleet(application, { size: 1, tls: true });
    const device = fleet.devices[0]?.id ?? '';
    const answer = await ask(application.url, {
      path: `/v1/devices/${device}/commands`,
      body: { command: 'power', on: true },
    });
    expect(answer.body).toMatchObject({ outcome: 'applied', transport: 'legacy' });
    fleet.stop();
    await application.stop();
  });
});
