import { Writable } from 'node:stream';
import { CaptureDecoder } from '../../src/capture/capture-decoder';
import { readsOf } from '../../src/capture/capture-source';
import { CaptureRun } from '../../src/capture/capture-run';
import { SummaryTally, type DecodeSummary } from '../../src/capture/decode-summary';
import { ControllerReplay, DeviceReplay } from '../../src/capture/replay-run';
import { ReplayScripts, type ReplayRole, type ReplayScript } from '../../src/capture/replay-script';
import { systemClock } from '../../src/kernel/clock';
import { systemRandom } from '../../src/kernel/random';
import { dialTo } from '../../src/simulator/connector';
import { Fleet } from '../../src/simulator/fleet';
import { SessionRegistry } from '../../src/link/session-registry';
import { startApplication, until, type TestApplication } from '../support/application';
import { ask, field } from '../support/http';

const FLEET = {
  size: 3,
  seed: 7,
  timing: 'lab',
  mix: { bulb: 1, plug: 1, switch: 1, led_strip: 1 },
} as const;
const WISHES = [
  { command: 'power', on: true },
  { command: 'brightness', level: 39 },
  { command: 'power', on: false },
] as const;

function fleetAt(port: number): Fleet {
  const address = { host: '127.0.0.1', port, tls: false };
  return new Fleet({ clock: systemClock, connect: dialTo([address]), settings: FLEET });
}

async function startController(): Promise<TestApplication> {
  return startApplication({ settings: { rollout: { seedPercentage: 100, holdback: 0 } } });
}

async function allReady(application: TestApplication, devices: readonly string[]): Promise<void> {
  const registry = application.container.get(SessionRegistry);
  await until(() => devices.every((id) => registry.link(id)?.ownNode !== undefined));
}

async function command(application: TestApplication, devices: readonly string[]): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const body of WISHES)
    for (const device of devices) {
      const answer = await ask(application.url, { path: `/v1/devices/${device}/commands`, body });
      outcomes.push(field(answer, 'outcome'));
    }
  return outcomes;
}

/** What a capture between the simulated fleet and a running controller has written down. */
async function record(): Promise<{ text: string; devices: string[]; outcomes: unknown[] }> {
  const application = await startController();
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const run = new CaptureRun({
    clock: systemClock,
    random: systemRandom,
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port: application.ports.devicesTls ?? 0, tls: true },
    control: { port: 0, token: 'not used here' },
    settings: {
      mode: 'normal',
      slowConsumerDelayMs: 0,
      bufferFillReads: 1,
      ackDelayMs: 0,
      maxConnections: 10,
    },
    output: { stream, name: 'fleet', format: 'jsonl', withSecrets: false },
    onProblem: (message) => {
      throw new Error(message);
    },
  });
  await run.start();
  const fleet = fleetAt(run.ports.devices);
  fleet.start();
  const devices = fleet.devices.map(({ id }) => id);
  await allReady(application, devices);
  const outcomes = await command(application, devices);
  fleet.stop();
  await run.stop();
  await application.stop();
  return { text, devices, outcomes };
}

const readsIn = (text: string) => readsOf({ name: 'the capture', open: () => asyncOf(text) });

async function* asyncOf(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

async function summaryOf(text: string): Promise<DecodeSummary> {
  const tally = new SummaryTally();
  const decoder = new CaptureDecoder((event) => tally.add(event));
  for await (const read of readsIn(text)) decoder.read(read);
  decoder.finish();
  return tally.summary();
}

async function scriptsOf(text: string, role: ReplayRole): Promise<readonly ReplayScript[]> {
  const scripts = new ReplayScripts();
  await scripts.addFile('the capture', readsIn(text));
  return scripts.scripts(role);
}

describe('a capture between the simulated fleet and a controller', () => {
  let text: string;
  let devices: string[];
  let outcomes: unknown[];
  const problems: string[] = [];
  const settings = (scripts: readonly ReplayScript[], speed: number) => ({
    scripts,
    speed,
    clock: systemClock,
    answerTimeoutMs: 10_000,
    lingerMs: 0,
    onProblem: (message: string) => problems.push(message),
  });

  beforeAll(async () => ({ text, devices, outcomes } = await record()));

  it('leaves the commands as they were, and decodes without one malformed packet', async () => {
    expect(outcomes).toEqual(outcomes.map(() => 'applied'));
    const summary = await summaryOf(text);
    expect(summary).toMatchObject({ malformed: 0, trailingBytes: 0, tlsRecords: 0 });
    expect(summary.byType).toMatchObject({ '0x23': FLEET.size, '0x28': FLEET.size });
    expect(summary.byType['0x73']).toBeGreaterThanOrEqual(2 * outcomes.length);
  });

  it('holds no login secret and no address', () => {
    const secrets = fleetAt(1).devices.map((_, at) => `"conn":"${at + 1}"`);
    for (const conn of secrets) expect(text).toContain(conn);
    expect(text).not.toContain('127.0.0.1');
    const mask = Buffer.from('1e07000000000000').toString('hex');
    const logins = text.split('\n').filter((line) => line.includes('"hex":"23000000'));
    expect(logins).toHaveLength(FLEET.size);
    for (const login of logins) expect(login).toContain(mask);
  });

  it.each([
    ['ten times as fast', 10],
    ['without pauses', Infinity],
  ])(
    'played as the controller %s, gets the captured receipts and replies from the same devices',
    async (_how, speed) => {
      const scripts = await scriptsOf(text, 'controller');
      const replay = new ControllerReplay({
        ...settings(scripts, speed),
        listen: { host: '127.0.0.1', port: 0 },
      });
      const { report } = await replay.start();
      const fleet = fleetAt(replay.port);
      fleet.start();
      const found = await report;
      fleet.stop();
      expect(found.commands).toEqual({ same: outcomes.length, different: 0, missing: 0, extra: 0 });
      expect(found).toMatchObject({ played: FLEET.size, unplayedSteps: 0 });
      expect(found.answers['0xA3→0xAB']).toEqual({ captured: FLEET.size, now: FLEET.size });
    },
  );

  it('played as the devices to another controller, applies the same commands', async () => {
    const application = await startController();
    const scripts = await scriptsOf(text, 'devices');
    const address = { host: '127.0.0.1', port: application.ports.devicesPlain ?? 0, tls: false };
    const replay = new DeviceReplay({ ...settings(scripts, Infinity), lingerMs: 60_000 }, address);
    const report = replay.run();
    await allReady(application, devices);
    expect(await command(application, devices)).toEqual(outcomes);
    replay.stop();
    const found = await report;
    await application.stop();
    expect(found).toMatchObject({ played: FLEET.size, unreachable: 0, unplayedSteps: 0 });
    expect(found.answeredCommands).toBe(outcomes.length);
    expect(found.answers['0x23→0x28']).toEqual({ captured: FLEET.size, now: FLEET.size });
    const { '0x83→0x88': statuses } = found.answers;
    expect(statuses?.now).toBe(statuses?.captured);
  });

  it('says so when devices do not do what the capture says', async () => {
    const scripts = await scriptsOf(text, 'controller');
    const replay = new ControllerReplay({
      ...settings(scripts, Infinity),
      answerTimeoutMs: 50,
      listen: { host: '127.0.0.1', port: 0 },
    });
    const { report } = await replay.start();
    const address = { host: '127.0.0.1', port: replay.port, tls: false };
    const deaf = withoutReplies(await scriptsOf(text, 'devices'));
    const silent = new DeviceReplay({ ...settings(deaf, Infinity), lingerMs: 60_000 }, address);
    const silence = silent.run();
    const found = await report;
    silent.stop();
    await silence;
    expect(found.commands).toEqual({ same: 0, different: 0, missing: outcomes.length, extra: 0 });
  });
});

/** The devices of the capture, had they never replied to a command. */
function withoutReplies(scripts: readonly ReplayScript[]): ReplayScript[] {
  return scripts.map((script) => ({
    ...script,
    asked: script.asked.map((packet) => ({
      ...packet,
      answers: packet.answers.filter(({ label }) => label !== 'F8→F9'),
    })),
  }));
}
