import { SessionRegistry } from '../../src/link/session-registry';
import type { Fact } from '../../src/kernel/facts';
import type { Fleet } from '../../src/simulator/fleet';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import { isLongRun } from '../support/long-run';

/** What is promised, and a short form of it for every run. */
const PLAIN = isLongRun ? 10_000 : 400;
const TLS = isLongRun ? 2_000 : 60;
const ESTABLISHED = isLongRun ? 1_000 : 50;
const ACCEPT_PER_SECOND = isLongRun ? 1_000 : 200;
const TIME_MS = isLongRun ? 240_000 : 40_000;

describe(`a storm: ${PLAIN} devices over TCP and ${TLS} over TLS redial at once beside ${ESTABLISHED} that stay`, () => {
  const ended = new Map<string, string>();
  const refused: Fact[] = [];
  let application: TestApplication;
  let fleets: Record<'established' | 'plain' | 'tls', Fleet>;

  const observe = (fact: Fact): void => {
    if (fact.kind === 'link_ended') ended.set(fact.deviceId, fact.reason);
    if (fact.kind === 'connection_refused') refused.push(fact);
  };

  beforeAll(async () => {
    const devices = { acceptPerSecond: ACCEPT_PER_SECOND };
    application = await startApplication({ settings: { devices }, observers: [observe] });
    const quiet = { timing: 'lab', maxNodes: 1, recordLimit: 1 } as const;
    fleets = {
      established: await startFleet(application, { ...quiet, size: ESTABLISHED, seed: 1 }),
      plain: await startFleet(application, { ...quiet, size: PLAIN, seed: 2 }),
      tls: await startFleet(application, { ...quiet, size: TLS, seed: 3, tls: true }),
    };
    ended.clear();
    for (const device of [...fleets.plain.devices, ...fleets.tls.devices]) device.dropConnection();
    await until(() => ended.size >= PLAIN + TLS);
    const registry = application.container.get(SessionRegistry);
    await until(() => registry.connectedDevices === ESTABLISHED + PLAIN + TLS);
  }, TIME_MS);

  afterAll(async () => {
    for (const fleet of Object.values(fleets)) fleet.stop();
    await application.stop();
  }, TIME_MS);

  it('brings all of them back', () => {
    for (const fleet of Object.values(fleets)) expect(fleet.status().ready).toBe(fleet.status().size);
  });

  it('costs no session that was there before', () => {
    const lost = fleets.established.devices.filter(({ id }) => ended.has(id));
    expect(lost).toEqual([]);
  });

  it('was let in no faster than the setting allows: who came too early was sent away and came again', () => {
    expect(refused.length).toBeGreaterThan(0);
  });
});
