import { ManualClock } from '../../src/kernel/manual-clock';
import { seededRandom } from '../../src/kernel/random';
import { Secret } from '../../src/kernel/secret';
import { MemoryDuplex } from '../../src/link/memory-duplex';
import { actionFrame, type Action } from '../../src/protocol/actions';
import { Chaos } from '../../src/simulator/chaos';
import { FAMILIES, type FamilyName } from '../../src/simulator/families';
import type { SimulatedNode } from '../../src/simulator/mesh';
import { newNode } from '../../src/simulator/population';
import { SimulatedDevice, type SimulatedDeviceParts } from '../../src/simulator/simulated-device';
import { ControllerEnd } from './controller-end';

export const BENCH_DEVICE_ID = 0x37962469;

export interface BenchOptions {
  readonly family?: FamilyName;
  /** Mesh node numbers, the bridge first. */
  readonly nodes?: readonly [number, ...number[]];
  readonly overrides?: Partial<SimulatedDeviceParts>;
}

/** One simulated device on a clock that stands still, and the means to talk to it. */
export class DeviceBench {
  readonly clock = new ManualClock();
  readonly device: SimulatedDevice;

  constructor({ family = 'bulb', nodes: [own, ...others] = [5], overrides = {} }: BenchOptions = {}) {
    const node = (number: number): SimulatedNode => newNode(number, FAMILIES[family]);
    this.device = new SimulatedDevice({
      clock: this.clock,
      identity: { deviceId: BENCH_DEVICE_ID, auth: new Secret(Buffer.from('1e07000000000001')) },
      family: FAMILIES[family],
      nodes: [node(own), ...others.map(node)],
      drawDelays: () => ({ receiptMs: 2, replyMs: 10, statusMs: 20 }),
      chaos: new Chaos(seededRandom(1)),
      recordLimit: 16,
      repeatMemory: 16,
      ...overrides,
    });
  }

  /** A connection that the controller has not answered yet. */
  async dial(): Promise<ControllerEnd> {
    const [deviceEnd, controllerEnd] = MemoryDuplex.pair();
    const controller = new ControllerEnd(controllerEnd);
    this.device.attach(deviceEnd);
    await this.clock.advanceAsync(0);
    return controller;
  }

  /** A connection on which the handshake is answered. */
  async accept(): Promise<ControllerEnd> {
    const controller = await this.dial();
    controller.send({ kind: 'handshake_answer', result: 0 });
    await this.clock.advanceAsync(0);
    return controller;
  }

  /** A connection that takes commands, what came before it forgotten. */
  async ready(): Promise<ControllerEnd> {
    const controller = await this.accept();
    controller.send({ kind: 'announce', deviceId: BENCH_DEVICE_ID, messageId: 1, flag: 0 });
    await this.clock.advanceAsync(15_000);
    controller.clear();
    return controller;
  }
}

export interface SentCommand {
  readonly node?: number;
  readonly sequence?: number;
  readonly messageId?: number;
}

/** The 0x73 that asks for an action. */
export function commandPacket(action: Action, { node = 5, sequence = 100, messageId = 7 }: SentCommand = {}) {
  const inner = actionFrame(action, node, sequence);
  return { kind: 'data', deviceId: BENCH_DEVICE_ID, messageId, flag: 0, inner } as const;
}
