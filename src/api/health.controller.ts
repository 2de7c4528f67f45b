import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readiness } from './readiness';

@Controller()
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** The process answers; nothing outside it is asked. */
  @Get('healthz')
  alive() {
    return { status: 'alive' };
  }

  /** Whether traffic should come here. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { state } = this.readiness;
    if (state !== 'ready') void reply.status(503);
    return { status: state };
  }
}
