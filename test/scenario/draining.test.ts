import { once } from 'node:events';
import { SchedulerRegistry } from '@nestjs/schedule';
import { systemCodeOf } from '../../src/kernel/errors';
import { Jobs } from '../../src/kernel/jobs';
import { Lanes } from '../../src/routing/lanes';
import type { Fleet } from '../../src/simulator/fleet';
import { answering } from '../chaos/faults';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import { ask, problemOf, type Answer } from '../support/http';
import { dial } from '../support/socket-bench';

/** How much later than usual devices reply: the command is under way for all that a test looks at. */
const LATE_MS = 1_000;

describe('an application that is told to stop while a command is under way', () => {
  let application: TestApplication;
  let fleet: Fleet;
  let inFlight: Promise<Answer>;
  let stopped: Promise<void>;
  const send = (body: object): Promise<Answer> =>
    ask(application.url, { path: `/v1/devices/${fleet.devices[0]?.id}/commands`, body });

  beforeEach(async () => {
    application = await startApplication();
    fleet = await startFleet(application, { size: 3 });
    fleet.useChaos(answering({ lateReplies: { rate: 1, delayMs: LATE_MS } }));
    inFlight = send({ command: 'power', on: true, deadlineMs: 5_000 });
    const lanes = application.container.get(Lanes, { strict: false });
    await until(() => lanes.inFlight === 1);
    stopped = application.stop();
  });

  afterEach(async () => {
    await inFlight;
    await stopped;
    fleet.stop();
  });

  it('is not ready any more, and takes no new command but says when to come again', async () => {
    const ready = await ask(application.url, { path: '/readyz' });
    expect(ready).toMatchObject({ status: 503, body: { status: 'draining' } });
    const refused = await send({ command: 'power', on: true });
    expect(problemOf(refused)).toMatchObject({ status: 503, code: 'draining' });
    expect(refused.headers['retry-after']).toBe('1');
  });

  it('gives the command its receipt, and keeps its device until then', async () => {
    await until(() => fleet.devices.slice(1).every((device) => !device.isConnected));
    expect(fleet.devices[0]?.isConnected).toBe(true);
    expect(await inFlight).toMatchObject({ status: 200, body: { outcome: 'applied', attempts: 1 } });
    await stopped;
    expect(fleet.status().connected).toBe(0);
  });

  it('turns devices away that dial now', async () => {
    const port = application.ports.devicesPlain as number;
    const [error] = (await once(dial(port), 'error')) as [unknown];
    expect(systemCodeOf(error)).toBe('ECONNREFUSED');
  });
});

describe('the regular jobs of an application', () => {
  it('are listed by name while it runs, and are none when it has stopped', async () => {
    const application = await startApplication();
    const list = application.container.get(SchedulerRegistry, { strict: false });
    const names = ['tick', 'lease renewal', 'announcement', 'evidence', 'judgement of the leader'];
    expect(list.getIntervals()).toEqual(names);
    expect(application.container.get(Jobs, { strict: false }).names).toEqual(names);
    await application.stop();
    expect(list.getIntervals()).toEqual([]);
  });
});
