import type { SimulatedDevice } from '../../src/simulator/simulated-device';
import type { Receipt } from '../../src/transport/transport';
import type { ChaosStack } from './chaos-stack';

const PAUSE_MS = 100;

/** Commands for every device of a fleet at once, one after the other for each. Receipts in no particular order. */
export async function runCommands(
  stack: ChaosStack,
  { perDevice }: { perDevice: number },
): Promise<Receipt[]> {
  const all = stack.fleet.devices.map((device) => commandsOf(stack, device, perDevice));
  return (await stack.untilDone(Promise.all(all))).flat();
}

async function commandsOf(stack: ChaosStack, device: SimulatedDevice, count: number): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (let index = 0; index < count; index += 1) {
    receipts.push(await stack.submit({ command: 'brightness', level: index % 101 }, { device }));
    await stack.pause(PAUSE_MS);
  }
  return receipts;
}
