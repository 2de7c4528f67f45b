import { Controller, Get, Inject, Param, Query, UseInterceptors } from '@nestjs/common';
import { Allow } from '../auth.guard';
import { parse } from '../parse';
import type { HistoryView, RevisionView } from '../schemas/history';
import type { RolloutView } from '../schemas/rollout';
import { historyQuery, revisionNumber } from '../schemas/rollout-wishes';
import { AuditTrail } from './audit-trail';
import { RevisionInterceptor } from './revision.interceptor';
import { RolloutSight } from './rollout-sight';

/** Looking at the rollout. */
@Controller('v1/rollout')
export class RolloutController {
  constructor(
    @Inject(RolloutSight) private readonly sight: RolloutSight,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
  ) {}

  @Get()
  @Allow('viewer', 'operator')
  @UseInterceptors(RevisionInterceptor)
  show(): RolloutView {
    return this.sight.view();
  }

  @Get('history')
  @Allow('viewer', 'operator')
  async history(@Query() query: unknown): Promise<HistoryView> {
    const { entries, next } = await this.trail.page(parse(historyQuery, query));
    return { entries: [...entries], next };
  }

  @Get('history/:revision')
  @Allow('viewer', 'operator')
  async revision(@Param('revision') text: string): Promise<RevisionView> {
    const revision = parse(revisionNumber, text);
    return { revision, entries: [...(await this.trail.ofRevision(revision))] };
  }
}
