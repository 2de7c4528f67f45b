import { Body, Controller, HttpCode, Inject, Post, UseInterceptors } from '@nestjs/common';
import { AppError } from '../../kernel/errors';
import { SELF_TEST } from '../../kernel/tokens';
import type { Judgement } from '../../slo/verdict';
import type { Principal } from '../access';
import { Allow, Caller } from '../auth.guard';
import { parse } from '../parse';
import type { RolloutView } from '../schemas/rollout';
import { drillBody, promoteBody, releaseBody, rollbackBody } from '../schemas/rollout-wishes';
import { reasonBody } from '../schemas/shared';
import { Drill } from './drill';
import { AskedBy, RevisionInterceptor, type Asker } from './revision.interceptor';
import { Steering } from './steering';

/** Under this token: gives the judgement that is known last. */
export const JUDGEMENT = Symbol('judgement');
/** Under this token: draws a salt. */
export const NEW_SALT = Symbol('new salt');

/** Who may move the percentage, and the steps of the ladder. */
@Controller('v1/rollout')
@UseInterceptors(RevisionInterceptor)
export class AutomationController {
  constructor(
    @Inject(Steering) private readonly steering: Steering,
    @Inject(JUDGEMENT) private readonly judgement: () => Judgement | undefined,
    @Inject(NEW_SALT) private readonly newSalt: () => string,
    @Inject(Drill) private readonly rehearsals: Drill,
    @Inject(SELF_TEST) private readonly selfTest: () => Promise<readonly string[]>,
  ) {}

  /** Looks at no revision: what somebody wants to get away from may have changed meanwhile. */
  @Post('rollback')
  @HttpCode(200)
  @Allow('operator')
  rollback(@Body() body: unknown, @Caller() { name: by }: Principal): Promise<RolloutView> {
    const { reason, to } = parse(rollbackBody, body);
    return this.steering.apply({ kind: 'rollback', to, reason, by, evidence: {} });
  }

  @Post('promote')
  @HttpCode(200)
  @Allow('operator')
  promote(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason, confirm: confirmed } = parse(promoteBody, body);
    const judgement = this.judgement();
    return this.steering.apply({ kind: 'promote', judgement, confirmed, reason, ...asker });
  }

  @Post('approve')
  @HttpCode(200)
  @Allow('operator')
  approve(
    @Body() body: unknown,
    @Caller() { role }: Principal,
    @AskedBy() asker: Asker,
  ): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    return this.steering.apply({ kind: 'approve', role, reason, ...asker });
  }

  @Post('pause')
  @HttpCode(200)
  @Allow('operator')
  pause(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    return this.steering.apply({
      kind: 'pause',
      critical: false,
      evidence: {},
      reason,
      ...asker,
    });
  }

  /** A machine that does not judge known evidence as it should is not let at the unknown. */
  @Post('resume')
  @HttpCode(200)
  @Allow('operator')
  async resume(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    const findings = await this.selfTest();
    if (findings.length > 0)
      throw new AppError(
        'rollout.self_test_failed',
        `the automation stays off: the judging code failed its self-test: ${findings.join('; ')}`,
        { findings },
      );
    return this.steering.apply({ kind: 'resume', reason, ...asker });
  }

  @Post('freeze')
  @HttpCode(200)
  @Allow('operator')
  freeze(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    return this.steering.apply({ kind: 'freeze', reason, ...asker });
  }

  @Post('unfreeze')
  @HttpCode(200)
  @Allow('operator')
  unfreeze(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason } = parse(reasonBody, body);
    return this.steering.apply({ kind: 'unfreeze', reason, ...asker });
  }

  @Post('release')
  @HttpCode(200)
  @Allow('operator')
  release(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason, newSalt } = parse(releaseBody, body);
    const salt = newSalt ? this.newSalt() : undefined;
    return this.steering.apply({ kind: 'release', newSalt: salt, reason, ...asker });
  }

  @Post('drill')
  @HttpCode(200)
  @Allow('operator')
  async drill(@Body() body: unknown, @AskedBy() asker: Asker): Promise<RolloutView> {
    const { reason, seconds: told } = parse(drillBody, body);
    const evidence = told === undefined ? await this.rehearsals.rehearse() : { seconds: told };
    const { seconds } = evidence;
    return this.steering.apply({
      kind: 'record_drill',
      seconds,
      evidence: { ...evidence, measured: told === undefined ? 'here' : 'elsewhere' },
      reason,
      ...asker,
    });
  }
}
