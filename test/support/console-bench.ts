import { join } from 'node:path';
import type { AccessRules } from '../../src/api/access';
import { CALM } from '../../src/simulator/chaos-settings';
import type { Fleet } from '../../src/simulator/fleet';
import { startApplication, startFleet, type TestApplication } from './application';
import { CommandLoad } from './command-load';
import { ROOT } from './tool';

const DEVICES = 120;
const PAUSE_MS = 250;

/** Where the build puts the web console. */
export const CONSOLE_DIR = join(ROOT, 'dist', 'console');

/** An application that serves the web console, a fleet, and somebody who sends its devices commands. */
export class ConsoleBench {
  private constructor(
    readonly application: TestApplication,
    private readonly fleet: Fleet,
    private readonly load: CommandLoad,
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
    return new ConsoleBench(application, fleet, new CommandLoad(application, fleet, PAUSE_MS));
  }

  /** From here on no device answers on the new transport. */
  breakNew(): void {
    this.fleet.useChaos({ ...CALM, only: 'new', partition: 'both' });
  }

  mend(): void {
    this.fleet.useChaos(CALM);
  }

  async stop(): Promise<void> {
    await this.load.stop();
    this.fleet.stop();
    await this.application.stop();
  }
}
