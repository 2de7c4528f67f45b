import {
  createParamDecorator,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import { principalOf } from '../auth.guard';
import { etagOf, revisionOf } from '../etag';
import type { RolloutView } from '../schemas/rollout';

/** Who wants a change, and the revision that it is meant for, by its If-Match; undefined when any will do. */
export interface Asker {
  readonly by: string;
  readonly expectedRevision: number | undefined;
}

export const AskedBy = createParamDecorator((_: unknown, context: ExecutionContext): Asker => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { by: principalOf(context).name, expectedRevision: revisionOf(headers['if-match']) };
});

/** Gives an answer that shows the rollout its revision as ETag. */
export class RevisionInterceptor implements NestInterceptor<RolloutView, RolloutView> {
  intercept(context: ExecutionContext, next: CallHandler<RolloutView>): Observable<RolloutView> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(tap(({ plan }) => void reply.header('etag', etagOf(plan.revision))));
  }
}
