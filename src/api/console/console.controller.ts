import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../refusal';
import type { ConsoleFile, ConsoleFiles } from './console-files';
import { ASSET_CACHE, CONSOLE_HEADERS, PAGE_CACHE } from './console-headers';

/** Under this token: what `readConsole` found. */
export const CONSOLE_FILES = Symbol('console files');

const NOT_BUILT =
  'The web console is not built. "npm run build" builds it; the API is at /v1, and described at /docs.\n';

/** The web console. What it shows it asks of the API, with the token of whoever looks at it. */
@Controller()
export class ConsoleController {
  constructor(@Inject(CONSOLE_FILES) private readonly files: { readonly built: ConsoleFiles | undefined }) {}

  @Get()
  page(@Res() reply: FastifyReply, @Headers('if-none-match') known: string | undefined): void {
    const { built } = this.files;
    void reply.headers({ ...CONSOLE_HEADERS, 'cache-control': PAGE_CACHE });
    if (!built) return void reply.status(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
    void reply.header('etag', built.page.etag);
    if (known === built.page.etag) return void reply.status(304).send();
    send(reply, built.page);
  }

  @Get('assets/:name')
  asset(@Res() reply: FastifyReply, @Param('name') name: string): void {
    const asset = this.files.built?.assets.get(name);
    if (!asset) throw new Refusal(404, 'request.invalid', 'no such path');
    void reply.headers({ ...CONSOLE_HEADERS, 'cache-control': ASSET_CACHE });
    send(reply, asset);
  }
}

function send(reply: FastifyReply, { mediaType, body }: ConsoleFile): void {
  void reply.type(mediaType).send(body);
}
