import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Receipt } from '../transport/transport';
import type { Principal } from './access';
import { Allow, Caller } from './auth.guard';
import { CommandService } from './command-service';
import { parse } from './parse';
import { isRetriable, PROBLEM_TYPE, receiptProblem, RETRY_AFTER_SECONDS } from './problem';
import { commandBody, groupBody, idempotencyKey, meshQuery } from './schemas/commands';
import type { Problem } from './schemas/problem';
import { deviceId } from './schemas/shared';

@Controller('v1')
export class CommandsController {
  constructor(@Inject(CommandService) private readonly commands: CommandService) {}

  @Post('devices/:id/commands')
  @HttpCode(200)
  @Allow('app')
  async send(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Receipt | Problem> {
    const asked = {
      deviceId: parse(deviceId, id),
      body: parse(commandBody, body),
      key: scopedKey(caller, key),
    };
    return answer(await this.commands.send(asked), reply, this.commands.hint);
  }

  @Get('devices/:id/mesh')
  @Allow('viewer', 'operator', 'app')
  async mesh(
    @Param('id') id: string,
    @Query() query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { deadlineMs } = parse(meshQuery, query);
    const receipt = await this.commands.askForMesh(parse(deviceId, id), deadlineMs);
    if (receipt.outcome !== 'applied') return answer(receipt, reply, this.commands.hint);
    return { deviceId: receipt.deviceId, transport: receipt.transport, nodes: receipt.mesh ?? [] };
  }

  /** Always 200: what failed is in the answer, device by device. */
  @Post('commands')
  @HttpCode(200)
  @Allow('app')
  async sendToMany(@Body() body: unknown) {
    const { devices, ...command } = parse(groupBody, body);
    return this.commands.sendToMany(devices, command);
  }
}

function scopedKey(caller: Principal, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${caller.name}\n${parse(idempotencyKey, key)}`;
}

function answer(receipt: Receipt, reply: FastifyReply, hint: string | undefined): Receipt | Problem {
  if (receipt.outcome === 'applied') return receipt;
  const document = receiptProblem(receipt, hint);
  void reply.status(document.status).type(PROBLEM_TYPE);
  if (isRetriable(receipt.outcome)) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  return document;
}
