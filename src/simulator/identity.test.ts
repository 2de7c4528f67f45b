import { formatDeviceId } from '../kernel/device-id';
import { identityOf, streamSeed } from './identity';

const MANY = 20_000;
const SLICES = 16;

describe('the identities of a fleet', () => {
  const fleet = Array.from({ length: MANY }, (_, index) => identityOf(7, index));

  test('are all different, in id and in secret', () => {
    expect(new Set(fleet.map(({ deviceId }) => deviceId)).size).toBe(MANY);
    expect(new Set(fleet.map(({ auth }) => Buffer.from(auth.expose()).toString())).size).toBe(MANY);
  });

  test('are spread evenly over the whole range of ids', () => {
    const slices = new Array<number>(SLICES).fill(0);
    for (const { deviceId } of fleet) slices[deviceId >>> 28] = (slices[deviceId >>> 28] ?? 0) + 1;
    for (const count of slices) {
      expect(count).toBeGreaterThan((MANY / SLICES) * 0.9);
      expect(count).toBeLessThan((MANY / SLICES) * 1.1);
    }
  });

  test('follow from the seed', () => {
    expect(identityOf(7, 3).deviceId).toBe(fleet[3]?.deviceId);
    expect(identityOf(8, 3).deviceId).not.toBe(fleet[3]?.deviceId);
    expect(streamSeed(identityOf(7, 3))).not.toBe(streamSeed(identityOf(7, 4)));
  });

  test('have the captured form: eight hex digits, and 1e07 with twelve', () => {
    for (const { deviceId, auth } of fleet.slice(0, 100)) {
      expect(formatDeviceId(deviceId)).toMatch(/^[0-9a-f]{8}$/);
      expect(Buffer.from(auth.expose()).toString()).toMatch(/^1e07[0-9a-f]{12}$/);
    }
  });
});
