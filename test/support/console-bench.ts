import { join } from 'node:path';
import type { AccessRules } from '../../src/api/access';
import { sleep, systemClock } from '../../src/kernel/clock';
import { Lanes } from '../../src/routing/lanes';
import { CALM } from '../../src/simulator/chaos-settings';
import type { Fleet } from '../../src/simulator/fleet';
import { startApplication, startFleet, type TestApplication } from './application';
import { ROOT } from './tool';

const DEVICES = 120;
const PAUSE_MS = 250;
const DEADLINE_MS = 2_000;

/** Where the build puts the web console. */
export const CONSOLE_DIR = join(ROOT, 'dist', 'console');

/** An application that serves the web console, a fleet, and somebody who sends its devices commands. */
export class ConsoleBench {
  private running = true;
  private loops: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly application: TestApplication,
    private readonly fleet: Fleet,
  ) {}

  static async start(accessRules: AccessRules): Promise<ConsoleBench> {
    const application = await startApplication({
      accessRules,
      settings: {
        http: { port: 0, consoleDir: CONSOLE_DIR },
        rollout: { seedPercentage: 0, holdback: 5 },
        replicas: { tickMs: 1_000 },
        replica: 'pointsman-0',
      },
    });
    const fleet = await startFleet(application, { size: DEVICES, seed: 7, timing: 'lab' });
    const bench = new ConsoleBench(application, fleet);
    const lanes = application.container.get(Lanes);
    bench.loops = Promise.all(fleet.devices.map(({ id }) => bench.send(lanes, id)));
    return bench;
  }

  /** From here on no device answers on the new transport. */
  breakNew(): void {
    this.fleet.useChaos({ ...CALM, only: 'new', partition: 'both' });
  }

  mend(): void {
    this.fleet.useChaos(CALM);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.loops;
    this.fleet.stop();
    await this.application.stop();
  }

  private async send(lanes: Lanes, deviceId: string): Promise<void> {
    for (let number = 0; this.running; number += 1) {
      await lanes.submit({
        id: `${deviceId}/${number}`,
        deviceId,
        action: { command: 'brightness', level: number % 101 },
        node: undefined,
        deadlineAt: systemClock.now() + DEADLINE_MS,
      });
      await sleep(systemClock, PAUSE_MS);
    }
  }
}
