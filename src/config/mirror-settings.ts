import { z } from 'zod';

const ms = (fallback: number, high = 3_600_000, low = 1) => z.number().min(low).max(high).default(fallback);
const count = (fallback: number) => z.number().int().min(1).max(1_000_000).default(fallback);

/** How much of the process the dark launch may use. Whether and whom it shadows is the plan's. */
export const mirror = z.strictObject({
  capacity: count(1_000).describe(
    'Commands that are recorded or wait for the shadow; one more is not shadowed',
  ),
  sliceMs: ms(0.25, 1_000, 0.05).describe('How long the shadow may work before everything else has its turn'),
  restMs: ms(5, 10_000).describe('How long it rests before each turn'),
  overrunMs: ms(20, 60_000).describe('An examination that takes longer counts against the breaker'),
  hangMs: ms(1_000).describe('An examination without an answer is given up after this'),
  lagMs: ms(50, 60_000).describe(
    'A turn that begins later than it should by this counts against the breaker',
  ),
  failures: count(5).describe('Failed examinations in a row that open the breaker'),
  strains: count(20).describe('Late turns and full queues within strainWindowMs that open it'),
  strainWindowMs: ms(10_000).describe('See strains'),
  pauseMs: ms(30_000).describe('How long the breaker stays open before it lets one command through to try'),
  heardLimit: count(16).describe(
    'Packets kept of what a device sends during one command; beyond it the command is not shadowed',
  ),
  rememberedPaces: count(20_000).describe('Connections whose pace the shadow remembers'),
});
