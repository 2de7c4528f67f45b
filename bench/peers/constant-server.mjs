// The same framework, adapter and answer without anything behind it: what the product's server could do at most.
import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { serve } from '../lib/process.mjs';
import { usage } from '../lib/usage.mjs';

const RECEIPT = {
  commandId: '019a5f1c-9d3e-7c41-8a52-5d0a8f2b7c11',
  deviceId: '00000001',
  transport: 'new',
  outcome: 'applied',
  attempts: 1,
  latencyMs: 1.234567,
  generation: 1,
  revision: 1,
  mirrored: false,
};

class Commands {
  send() {
    return RECEIPT;
  }
}

class App {}

decorate(Commands.prototype, 'send', [Post('devices/:id/commands'), HttpCode(200)]);
Param('id')(Commands.prototype, 'send', 0);
Body()(Commands.prototype, 'send', 1);
Controller('v1')(Commands);
Module({ controllers: [Commands] })(App);

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
serve({ http: Number(new URL(await app.getUrl()).port) }, { usage });

function decorate(prototype, name, decorators) {
  for (const decorator of decorators)
    decorator(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}
