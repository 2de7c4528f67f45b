import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Rollout, type Wished } from '../rollout/rollout';
import { TrafficShare } from '../routing/traffic-share';
import type { Principal } from './access';
import { Allow, Caller } from './auth.guard';
import { etagOf, revisionOf } from './etag';
import { parse } from './parse';
import { historyQuery, percentageBody, reasonBody, type HistoryView, type RolloutView } from './schemas';

@Controller('v1/rollout')
export class RolloutController {
  constructor(
    @Inject(Rollout) private readonly rollout: Rollout,
    @Inject(TrafficShare) private readonly share: TrafficShare,
  ) {}

  @Get()
  @Allow('viewer', 'operator')
  show(@Res({ passthrough: true }) reply: FastifyReply): RolloutView {
    return this.view(reply);
  }

  @Get('history')
  @Allow('viewer', 'operator')
  async history(@Query() query: unknown): Promise<HistoryView> {
    const { limit } = parse(historyQuery, query);
    return { entries: [...(await this.rollout.history(limit))] };
  }

  @Put('percentage')
  @Allow('operator')
  setPercentage(
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RolloutView> {
    const { percentage, reason, confirm } = parse(percentageBody, body);
    const expectedRevision = revisionOf(ifMatch);
    return this.apply(
      { kind: 'set_percentage', percentage, confirmed: confirm, reason, by: caller.name, expectedRevision },
      reply,
    );
  }

  @Post('rollback')
  @HttpCode(200)
  @Allow('operator')
  rollback(
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    return this.apply({ kind: 'rollback', to: 'zero', reason, by: caller.name, evidence: {} }, reply);
  }

  @Post('release')
  @HttpCode(200)
  @Allow('operator')
  release(
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    return this.apply(
      { kind: 'release', reason, by: caller.name, expectedRevision: revisionOf(ifMatch) },
      reply,
    );
  }

  private async apply(wished: Wished, reply: FastifyReply): Promise<RolloutView> {
    const { unchanged } = await this.rollout.apply(wished);
    return this.view(reply, unchanged);
  }

  private view(reply: FastifyReply, unchanged?: string): RolloutView {
    const { plan, automation } = this.rollout.document;
    void reply.header('etag', etagOf(plan.revision));
    const effectivePercentage = this.share.percentage() ?? null;
    return {
      plan: { ...plan, pins: { ...plan.pins } },
      automation,
      effectivePercentage,
      ...(unchanged === undefined ? {} : { unchanged }),
    };
  }
}
