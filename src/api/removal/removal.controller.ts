import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Allow } from '../auth.guard';
import { parse } from '../parse';
import { legacyRemovalQuery, type LegacyRemovalView } from '../schemas/legacy-removal';

/** Under this token: answers whether legacy may be removed. */
export const LEGACY_REMOVAL = Symbol('legacy removal');
export type AskRemoval = (days: number) => Promise<LegacyRemovalView>;

/** May the legacy transport be removed? */
@Controller('v1/rollout')
export class RemovalController {
  constructor(@Inject(LEGACY_REMOVAL) private readonly ask: AskRemoval) {}

  @Get('legacy-removal')
  @Allow('viewer', 'operator')
  show(@Query() query: unknown): Promise<LegacyRemovalView> {
    return this.ask(parse(legacyRemovalQuery, query).days);
  }
}
