import { SessionRegistry } from '../../src/link/session-registry';
import type { Fact } from '../../src/kernel/facts';
import type { Fleet } from '../../src/simulator/fleet';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import { isLongRun } from '../support/long-run';
import { Program } from '../support/program';

/** What is promised, and a short form of it for every run. */
const PLAIN = isLongRun ? 10_000 : 400;
const TLS = isLongRun ? 2_000 : 60;
const ESTABLISHED = isLongRun ? 1_000 : 50;
const ACCEPT_PER_SECOND = isLongRun ? 1_000 : 200;
const TIME_MS = isLongRun ? 300_000 : 60_000;
/** To dial in is done twice and more before a test begins. */
const DIAL_MS = TIME_MS / 3;

/** Devices in a process of their own: both ends in one would need more files than a process may have open. */
function simulate(devices: number, seed: number, address: string): Program {
  const numbers = ['--devices', `${devices}`, '--seed', `${seed}`, '--max-nodes', '1', '--spread', '0'];
  return new Program(['simulate', ...numbers, '--address', address]);
}

describe(`a storm: ${PLAIN} devices over TCP and ${TLS} over TLS redial at once beside ${ESTABLISHED} that stay`, () => {
  const ended = new Set<string>();
  const refused: Fact[] = [];
  let application: TestApplication;
  let established: Fleet;
  let programs: Program[] = [];

  const observe = (fact: Fact): void => {
    if (fact.kind === 'link_ended') ended.add(fact.deviceId);
    if (fact.kind === 'connection_refused') refused.push(fact);
  };

  const dialIn = async (): Promise<void> => {
    const { devicesPlain, devicesTls } = application.ports;
    programs = [
      simulate(PLAIN, 2, `127.0.0.1:${devicesPlain}`),
      simulate(TLS, 3, `127.0.0.1:${devicesTls}?tls`),
    ];
    await until(connected(ESTABLISHED + PLAIN + TLS), DIAL_MS);
  };

  const leave = async (): Promise<void> => {
    for (const program of programs) program.signal('SIGKILL');
    await Promise.all(programs.map((program) => program.end()));
    await until(connected(ESTABLISHED));
  };

  const connected = (devices: number) => () =>
    application.container.get(SessionRegistry).connectedDevices === devices;

  beforeAll(async () => {
    const devices = { acceptPerSecond: ACCEPT_PER_SECOND };
    application = await startApplication({ settings: { devices }, observers: [observe] });
    established = await startFleet(application, { size: ESTABLISHED, seed: 1, maxNodes: 1, recordLimit: 1 });
    await dialIn();
    await leave();
    await dialIn();
  }, TIME_MS);

  afterAll(async () => {
    await leave();
    established.stop();
    await application.stop();
  }, TIME_MS);

  it('brings all of them back', () => {
    expect(application.container.get(SessionRegistry).connectedDevices).toBe(ESTABLISHED + PLAIN + TLS);
  });

  it('costs no session that was there before', () => {
    expect(established.status()).toEqual({ size: ESTABLISHED, connected: ESTABLISHED, ready: ESTABLISHED });
    expect(established.devices.filter(({ id }) => ended.has(id))).toEqual([]);
  });

  it('was let in no faster than the setting allows: who came too early was sent away and came again', () => {
    expect(refused.length).toBeGreaterThan(0);
  });
});
