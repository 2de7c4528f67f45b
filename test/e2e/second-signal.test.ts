import { systemClock } from '../../src/kernel/clock';
import { dialTo } from '../../src/simulator/connector';
import { Fleet } from '../../src/simulator/fleet';
import { answering } from '../chaos/faults';
import { testSeed } from '../support/long-run';
import { Serving } from '../support/serving';
import { inTemporaryFolder } from '../support/temporary-folder';
import { until } from '../support/until';

const AN_HOUR = 3_600_000;
const PATIENT = { drainMs: AN_HOUR, releaseMs: 0, deadlineMs: AN_HOUR };
const DRAINING = /^.*"event":"draining".*$/m;

describe('a process that is told to stop, and has a command under way', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('waits for it, and ends at once when %s comes a second time', (signal, code) =>
    inTemporaryFolder(async (folder) => {
      const serving = await Serving.start(folder, 'a', { shutdown: PATIENT });
      const address = { host: '127.0.0.1', port: serving.devicePort, tls: false };
      const settings = { size: 1, seed: testSeed(), timing: 'lab' } as const;
      const fleet = new Fleet({ clock: systemClock, connect: dialTo([address]), settings });
      try {
        fleet.start();
        await until(async () => (await serving.metric('tcp_comm_devices_connected')) === 1);
        fleet.useChaos(answering({ lateReplies: { rate: 1, delayMs: AN_HOUR } }));
        let answer: unknown;
        const command = { command: 'power', on: true, deadlineMs: 60_000 };
        const asked = serving
          .ask({ path: `/v1/devices/${fleet.devices[0]?.id}/commands`, body: command })
          .catch((error: unknown) => (answer = error));
        await until(() => fleet.totals().executed === 1);

        serving.program.signal(signal);
        const [line] = await serving.program.printed(DRAINING);
        expect(JSON.parse(line)).toMatchObject({ in_flight: 1 });
        expect(answer).toBeUndefined();
        serving.program.signal(signal);
        expect(await serving.program.end()).toMatchObject({ code, err: '' });
        await asked;
        expect(answer).toMatchObject({ code: 'ECONNRESET' });
      } finally {
        serving.program.signal('SIGKILL');
        fleet.stop();
        await serving.program.end();
      }
    }),
  );
});
