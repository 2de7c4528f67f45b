import {
  createParamDecorator,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import { etagOf, revisionOf } from '../etag';
import type { RolloutView } from '../schemas/rollout';

/** The revision that the caller has seen, by its If-Match; undefined when it does not care. */
export const ExpectedRevision = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | undefined =>
    revisionOf(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

/** Gives an answer that shows the rollout its revision as ETag. */
export class RevisionInterceptor implements NestInterceptor<RolloutView, RolloutView> {
  intercept(context: ExecutionContext, next: CallHandler<RolloutView>): Observable<RolloutView> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(tap(({ plan }) => void reply.header('etag', etagOf(plan.revision))));
  }
}
