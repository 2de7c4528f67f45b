import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { deliverySchema } from '../../alerting/alert';
import { AlertDoor, type DeliveryAnswer } from '../../alerting/alert-door';
import type { Observe } from '../../kernel/facts';
import { OBSERVE } from '../../kernel/tokens';
import type { Principal } from '../access';
import { Allow, Caller } from '../auth.guard';
import { MALFORMED, WEBHOOK_PATH } from './malformed';

/** Takes what Alertmanager delivers. */
@Controller()
export class AlertmanagerController {
  constructor(
    @Inject(AlertDoor) private readonly door: AlertDoor,
    @Inject(OBSERVE) private readonly observe: Observe,
  ) {}

  /**
   * Alertmanager tries again after a 5xx alone: any other refusal would lose the delivery until the group's next
   * interval. So a body that makes no sense is counted and answered 200.
   */
  @Post(WEBHOOK_PATH)
  @HttpCode(200)
  @Allow('hook')
  async receive(@Body() body: unknown, @Caller() caller: Principal): Promise<DeliveryAnswer> {
    const delivery = deliverySchema.safeParse(body);
    if (delivery.success) return this.door.receive(delivery.data, caller.name);
    this.observe({ kind: 'alert_received', outcome: 'malformed' });
    return MALFORMED;
  }
}
