import { Body, Controller, Inject, Put, UseInterceptors } from '@nestjs/common';
import { Rollout } from '../../rollout/rollout';
import type { Principal } from '../access';
import { Allow, Caller } from '../auth.guard';
import { parse } from '../parse';
import type { RolloutView } from '../schemas/rollout';
import { holdbackBody, mirrorBody, percentageBody, pinsBody } from '../schemas/rollout-wishes';
import { ExpectedRevision, RevisionInterceptor } from './revision.interceptor';
import { Steering } from './steering';

const WHOLE_FLEET = 100;

/** Where traffic goes. */
@Controller('v1/rollout')
@UseInterceptors(RevisionInterceptor)
export class TrafficController {
  constructor(
    @Inject(Steering) private readonly steering: Steering,
    @Inject(Rollout) private readonly rollout: Rollout,
  ) {}

  @Put('percentage')
  @Allow('operator')
  percentage(
    @Body() body: unknown,
    @Caller() { name: by }: Principal,
    @ExpectedRevision() expectedRevision: number | undefined,
  ): Promise<RolloutView> {
    const { percentage, reason, confirm: confirmed } = parse(percentageBody, body);
    const about = { confirmed, reason, by, expectedRevision };
    return this.steering.apply({ kind: 'set_percentage', percentage, ...about });
  }

  @Put('holdback')
  @Allow('operator')
  holdback(
    @Body() body: unknown,
    @Caller() { name: by }: Principal,
    @ExpectedRevision() expectedRevision: number | undefined,
  ): Promise<RolloutView> {
    const { holdback, reason, confirm: confirmed } = parse(holdbackBody, body);
    return this.steering.apply({ kind: 'set_holdback', holdback, confirmed, reason, by, expectedRevision });
  }

  @Put('mirror')
  @Allow('operator')
  mirror(
    @Body() body: unknown,
    @Caller() { name: by }: Principal,
    @ExpectedRevision() expectedRevision: number | undefined,
  ): Promise<RolloutView> {
    const { on, reason, percentage = this.lastMirrored() } = parse(mirrorBody, body);
    return this.steering.apply({ kind: 'set_mirror', on, percentage, reason, by, expectedRevision });
  }

  @Put('pins')
  @Allow('operator')
  pins(
    @Body() body: unknown,
    @Caller() { name: by }: Principal,
    @ExpectedRevision() expectedRevision: number | undefined,
  ): Promise<RolloutView> {
    const { pins, reason, confirm: confirmed } = parse(pinsBody, body);
    return this.steering.apply({ kind: 'set_pins', pins, confirmed, reason, by, expectedRevision });
  }

  private lastMirrored(): number {
    return this.rollout.document.plan.mirror.percentage || WHOLE_FLEET;
  }
}
