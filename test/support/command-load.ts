import { sleep, systemClock } from '../../src/kernel/clock';
import { Lanes } from '../../src/routing/lanes';
import type { Fleet } from '../../src/simulator/fleet';
import type { TestApplication } from './application';

const DEADLINE_MS = 2_000;

/** Somebody who sends every device of a fleet one command after the other, through the lanes of an application. */
export class CommandLoad {
  private running = true;
  private readonly loops: Promise<unknown>;

  constructor(
    application: TestApplication,
    fleet: Fleet,
    private readonly pauseMs: number,
  ) {
    const lanes = application.container.get(Lanes);
    this.loops = Promise.all(fleet.devices.map(({ id }) => this.send(lanes, id)));
  }

  /** Resolves when the last command has its receipt. */
  async stop(): Promise<void> {
    this.running = false;
    await this.loops;
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
      await sleep(systemClock, this.pauseMs);
    }
  }
}
