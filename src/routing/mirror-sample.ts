import type { DeviceId } from '../kernel/device-id';
import { percentageSteps } from '../kernel/percentage';
import { Bucketer } from './bucket';
import type { Plan } from './plan';

/** Drawn independently of cohort and holdback: who is shadowed says nothing about who moves. */
function mirrorSalt({ salt }: Pick<Plan, 'salt'>): string {
  return `${salt}/mirror`;
}

/** Whose commands are shadowed. Samples are nested, like cohorts: a larger one holds the smaller. */
export class MirrorSample {
  private salt: string | undefined;
  private bucketer = new Bucketer('');

  holds(deviceId: DeviceId, plan: Plan): boolean {
    if (!plan.mirror.on) return false;
    if (plan.salt !== this.salt) {
      this.salt = plan.salt;
      this.bucketer = new Bucketer(mirrorSalt(plan));
    }
    return this.bucketer.bucketOf(deviceId) < percentageSteps(plan.mirror.percentage);
  }
}
