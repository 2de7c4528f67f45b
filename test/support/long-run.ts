/** `npm run test:long` runs the counts and durations that are promised; every other run a short form of them. */
export const isLongRun = process.env.POINTSMAN_TEST_LONG === '1';

/** The seed of this run: fixed, unless `POINTSMAN_TEST_SEED` names another. */
export function testSeed(): number {
  return Number(process.env.POINTSMAN_TEST_SEED ?? 20_251_106);
}
