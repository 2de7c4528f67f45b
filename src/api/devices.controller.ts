import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { AppError } from '../kernel/errors';
import { Lanes } from '../routing/lanes';
import { Router } from '../routing/router';
import type { Principal } from './access';
import { Allow, Caller } from './auth.guard';
import { unknownDevice } from './command-service';
import { deviceView, infoView, routeView, type DeviceInfo, type DeviceView } from './device-view';
import { DIRECTORY, type Directory } from './directory';
import { parse } from './parse';
import { RolloutSight } from './rollout/rollout-sight';
import { devicesQuery, type RouteView } from './schemas/devices';
import { deviceId, reasonBody } from './schemas/shared';

@Controller('v1/devices')
export class DevicesController {
  constructor(
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(Lanes) private readonly lanes: Lanes,
    @Inject(Router) private readonly router: Router,
    @Inject(RolloutSight) private readonly sight: RolloutSight,
  ) {}

  @Get()
  @Allow('viewer', 'operator', 'app')
  list(@Query() query: unknown) {
    const { limit, after = '' } = parse(devicesQuery, query);
    const ids = this.directory.connectedIds(after, limit);
    const next = ids.length === limit ? (ids.at(-1) ?? null) : null;
    return { devices: ids.map((id) => ({ deviceId: id })), next };
  }

  @Get(':id')
  @Allow('viewer', 'operator', 'app')
  show(@Param('id') text: string): DeviceView {
    const id = parse(deviceId, text);
    const device = this.directory.record(id);
    if (!device) throw unknownDevice(id);
    return deviceView(device, { connected: this.directory.isConnected(id), lane: this.lanes.depthOf(id) });
  }

  /** What the device has said of itself. No capture shows a request for it, so none is sent. */
  @Get(':id/info')
  @Allow('viewer', 'operator', 'app')
  info(@Param('id') text: string): DeviceInfo {
    const id = parse(deviceId, text);
    const device = this.directory.record(id);
    if (!device) throw unknownDevice(id);
    return infoView(device);
  }

  /** Works for any id: where a device would go is known before it is ever seen. */
  @Get(':id/route')
  @Allow('viewer', 'operator', 'app')
  route(@Param('id') text: string): RouteView {
    const id = parse(deviceId, text);
    const explanation = this.router.explain(id);
    const seen = this.directory.record(id) !== undefined;
    return routeView(id, explanation, { seen, movesAt: this.sight.moveOf(explanation.buckets) });
  }

  @Post(':id/forget-credential')
  @HttpCode(200)
  @Allow('operator')
  forget(@Param('id') text: string, @Body() body: unknown, @Caller() caller: Principal) {
    const id = parse(deviceId, text);
    const { reason } = parse(reasonBody, body);
    if (!this.directory.forgetCredential(id, { by: caller.name, reason })) {
      throw new AppError('credential.unknown', `no credential of device ${id} is remembered`);
    }
    return { deviceId: id, forgotten: true };
  }
}
