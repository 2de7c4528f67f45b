import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../../kernel/roles';
import { Access, isAllowed } from '../access';
import { Allow } from '../auth.guard';
import { EventStreams, type EventSink } from './event-streams';
import { RolloutFeed } from './rollout-feed';

const READERS: readonly Role[] = ['viewer', 'operator'];

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that collect answers before they hand them on would hold events back.
  'x-accel-buffering': 'no',
};

/** What happens to the rollout, as it happens. */
@Controller('v1/rollout')
export class EventsController {
  constructor(
    @Inject(RolloutFeed) private readonly feed: RolloutFeed,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Get('events')
  @Allow(...READERS)
  async open(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<void> {
    const missed = await this.feed.missedSince(revisionIn(lastEventId));
    this.streams.checkRoom();
    // From here on the answer is written by hand: the framework knows only answers that end.
    reply.hijack();
    const { raw } = reply;
    raw.on('error', () => raw.destroy());
    raw.writeHead(200, HEADERS);
    if (request.method === 'HEAD') return void raw.end();
    const isStillAllowed = (): boolean => this.mayRead(request.headers.authorization);
    const leave = this.feed.open({ sink: sinkOf(raw), isStillAllowed }, missed);
    raw.on('close', leave);
    if (raw.destroyed) leave();
  }

  private mayRead(authorization: string | undefined): boolean {
    const authentication = this.access.authenticate(authorization);
    return authentication.kind === 'known' && isAllowed(authentication.principal.role, READERS);
  }
}

/** What is no revision is ignored, as the standard for event streams asks. */
function revisionIn(lastEventId: string | undefined): number | undefined {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}

function sinkOf(raw: FastifyReply['raw']): EventSink {
  return {
    write: (text) => void raw.write(text),
    get unreadBytes() {
      return raw.writableLength;
    },
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
  };
}
