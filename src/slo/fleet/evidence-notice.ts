import { z } from 'zod';
import type { GuardRates } from '../verdict';
import {
  decoded,
  DECIDED,
  encoded,
  HEARD,
  sampleOf,
  SPOKEN,
  type DeviceSample,
  type KnownMember,
} from './device-sample';

/** Devices in a notice; of a larger fleet it holds a sample. A notice stays below what a board takes. */
export const SAMPLED_COHORT = 6_000;
export const SAMPLED_OTHERS = 3_000;

/** How often the guard's events came, over all replicas, and for how many seconds that was counted. */
export interface MeasuredRates extends GuardRates {
  readonly seconds: number;
}

/** What one replica has counted in one generation. */
export interface ReplicaEvidence {
  readonly generation: number;
  readonly mirror: { readonly compared: number; readonly disagreed: number };
  /** Devices that the plan gives to the new transport. */
  readonly cohort: DeviceSample;
  /** The other devices that it knows, and those that it has not heard since its start but remembers. */
  readonly others: DeviceSample;
  readonly rates: MeasuredRates | undefined;
}

const count = z.number().int().min(0);
const sampleSchema = z
  .object({ level: count.max(20), devices: z.string() })
  .transform(({ level, devices }) => decoded(level, devices))
  .refine((sample) => sample !== undefined);
const rate = z.number().min(0);

const noticeSchema = z.object({
  generation: count,
  mirror: z.object({ compared: count, disagreed: count }),
  cohort: sampleSchema,
  others: sampleSchema,
  rates: z.object({ firstFailures: rate, breakages: rate, seconds: rate }).optional(),
});

export function membersOf(
  devices: Iterable<KnownMember>,
  remembered: Iterable<string>,
): Pick<ReplicaEvidence, 'cohort' | 'others'> {
  const cohort = new Map<number, number>();
  const others = new Map<number, number>();
  for (const { deviceId, moved } of devices) {
    const device = parseInt(deviceId, 16);
    if (moved) cohort.set(device, HEARD | (moved.spoken ? SPOKEN : 0) | (moved.decided ? DECIDED : 0));
    else others.set(device, HEARD);
  }
  for (const deviceId of remembered) {
    const device = parseInt(deviceId, 16);
    if (!cohort.has(device) && !others.has(device)) others.set(device, 0);
  }
  return { cohort: sampleOf(cohort, SAMPLED_COHORT), others: sampleOf(others, SAMPLED_OTHERS) };
}

export function noticeOf({ cohort, others, ...counts }: ReplicaEvidence): string {
  const textOf = (sample: DeviceSample) => ({ level: sample.level, devices: encoded(sample) });
  return JSON.stringify({ ...counts, cohort: textOf(cohort), others: textOf(others) });
}

/** Undefined for what is no notice. */
export function evidenceIn(text: string): ReplicaEvidence | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(text)).data as ReplicaEvidence | undefined;
  } catch {
    return undefined;
  }
}
