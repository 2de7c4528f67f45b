import { Controller, Get, Inject } from '@nestjs/common';
import { ROLES } from '../../kernel/roles';
import type { Principal } from '../access';
import { Allow, Caller } from '../auth.guard';
import type { MeView, RecentTrafficView } from '../schemas/overview';

/** Under this token: what answers. */
export const INSTALLATION = Symbol('installation');
/** Under this token: gives what `GET /v1/traffic` shows. */
export const RECENT_TRAFFIC = Symbol('recent traffic');

/** What a page that shows everything asks for beside the rollout and the objectives. */
@Controller('v1')
export class OverviewController {
  constructor(
    @Inject(INSTALLATION) private readonly installation: Pick<MeView, 'environment' | 'version'>,
    @Inject(RECENT_TRAFFIC) private readonly recent: () => RecentTrafficView,
  ) {}

  @Get('me')
  @Allow(...ROLES)
  me(@Caller() { name, role }: Principal): MeView {
    return { name, role, ...this.installation };
  }

  @Get('traffic')
  @Allow('viewer', 'operator')
  traffic(): RecentTrafficView {
    return this.recent();
  }
}
