import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Allow } from '../auth.guard';
import { parse } from '../parse';
import { sloReportQuery, type SloReportView } from '../schemas/slo-report';
import type { SlosView } from '../schemas/slos';
import { untilMsOf } from './slo-report-view';

export const SLOS = Symbol('slos');
/** Under this token: how the objectives fared over days. */
export const SLO_REPORT = Symbol('slo report');
export type ReadReport = (asked: { days: number; untilMs: number | undefined }) => Promise<SloReportView>;

/** How the transports fare, and fared. */
@Controller('v1/slos')
export class SlosController {
  constructor(
    @Inject(SLOS) private readonly slos: () => SlosView,
    @Inject(SLO_REPORT) private readonly readReport: ReadReport,
  ) {}

  @Get()
  @Allow('viewer', 'operator')
  show(): SlosView {
    return this.slos();
  }

  @Get('report')
  @Allow('viewer', 'operator')
  report(@Query() query: unknown): Promise<SloReportView> {
    const { days, until } = parse(sloReportQuery, query);
    return this.readReport({ days, untilMs: untilMsOf(until) });
  }
}
