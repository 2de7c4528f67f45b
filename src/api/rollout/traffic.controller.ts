import { Body, Controller, Inject, Put, UseInterceptors } from '@nestjs/common';
import { Rollout } from '../../rollout/rollout';
import { Allow } from '../auth.guard';
import { parse } from '../parse';
import type { RolloutView } from '../schemas/rollout';
import { holdbackBody, mirrorBody, percentageBody, pinsBody } from '../schemas/rollout-wishes';
import { AskedBy, RevisionInterceptor, type Asker } from './revision.interceptor';
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
  percentage(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { percentage, reason, confirm: confirmed } = parse(percentageBody, body);
    return this.steering.apply({ kind: 'set_percentage', percentage, confirmed, reason, ...asker });
  }

  @Put('holdback')
  @Allow('operator')
  holdback(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { holdback, reason, confirm: confirmed } = parse(holdbackBody, body);
    return this.steering.apply({ kind: 'set_holdback', holdback, confirmed, reason, ...asker });
  }

  @Put('mirror')
  @Allow('operator')
  mirror(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { on, reason, percentage = this.lastMirrored() } = parse(mirrorBody, body);
    return this.steering.apply({ kind: 'set_mirror', on, percentage, reason, ...asker });
  }

  @Put('pins')
  @Allow('operator')
  pins(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { pins, reason, confirm: confirmed } = parse(pinsBody, body);
    return this.steering.apply({ kind: 'set_pins', pins, confirmed, reason, ...asker });
  }

  private lastMirrored(): number {
    return this.rollout.document.plan.mirror.percentage || WHOLE_FLEET;
  }
}
