import { Controller, Get, Inject } from '@nestjs/common';
import { Allow } from '../auth.guard';
import type { SlosView } from '../schemas/slos';

export const SLOS = Symbol('slos');

/** How the transports fare. */
@Controller('v1/slos')
export class SlosController {
  constructor(@Inject(SLOS) private readonly slos: () => SlosView) {}

  @Get()
  @Allow('viewer', 'operator')
  show(): SlosView {
    return this.slos();
  }
}
