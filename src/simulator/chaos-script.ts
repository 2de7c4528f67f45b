import type { Cancel, Clock } from '../kernel/clock';
import type { DeviceId } from '../kernel/device-id';
import type { ChaosSettings } from './chaos-settings';
import type { Fleet } from './fleet';
import type { SimulatedDevice } from './simulated-device';
import { TimerGroup } from './timer-group';

/** Something done to a fleet from outside. Without a device it is done to all. */
export type ChaosAction =
  | { readonly kind: 'chaos'; readonly device?: DeviceId | undefined; readonly settings: ChaosSettings }
  | { readonly kind: 'power_cycle'; readonly device?: DeviceId | undefined }
  | { readonly kind: 'drop'; readonly device?: DeviceId | undefined };

export interface ScriptStep {
  /** From the start of the script, in milliseconds. */
  readonly atMs: number;
  readonly apply: ChaosAction;
}

/** Does it, and returns to how many devices: 0 when the fleet has no device with that id. */
export function applyAction(fleet: Fleet, action: ChaosAction): number {
  const devices = action.device === undefined ? fleet.devices : named(fleet, action.device);
  for (const device of devices) applyTo(device, action);
  return devices.length;
}

function named(fleet: Fleet, id: DeviceId): readonly SimulatedDevice[] {
  const device = fleet.device(id);
  return device ? [device] : [];
}

function applyTo(device: SimulatedDevice, action: ChaosAction): void {
  switch (action.kind) {
    case 'chaos':
      return device.chaos.use(action.settings);
    case 'power_cycle':
      return device.powerCycle();
    case 'drop':
      return device.dropConnection();
  }
}

/** Does each step at its time. What is returned ends it. */
export function runScript(script: readonly ScriptStep[], fleet: Fleet, clock: Clock): Cancel {
  const timers = new TimerGroup(clock);
  for (const { atMs, apply } of script) timers.after(atMs, () => void applyAction(fleet, apply));
  return () => timers.clear();
}
