/**
 * A device's 32-bit id. On the wire it is a big-endian u32; everywhere a person or another program sees it,
 * it is 8 lower-case hex digits.
 */
export type DeviceId = string;

const DEVICE_ID = /^[0-9a-f]{8}$/;

export function isDeviceId(text: string): text is DeviceId {
  return DEVICE_ID.test(text);
}

export function formatDeviceId(value: number): DeviceId {
  return value.toString(16).padStart(8, '0');
}

/** The wire value. `id` must satisfy `isDeviceId`. */
export function parseDeviceId(id: DeviceId): number {
  return Number.parseInt(id, 16);
}
