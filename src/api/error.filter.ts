import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { Access } from './access';
import { isUnreadableDelivery, MALFORMED } from './alerting/malformed';
import { problem, PROBLEM_TYPE, RETRY_AFTER_SECONDS, statusOfCode } from './problem';
import { Refusal } from './refusal';
import type { Problem } from './schemas/problem';

/** The framework's own refusals, in our words where ours are clearer. */
const FRAMEWORK_SENTENCES: Readonly<Record<number, string>> = {
  400: 'the body is not valid JSON',
  404: 'no such path',
  413: 'the body is larger than this server accepts',
  415: 'the body must be application/json',
};

/** The one place where errors become HTTP. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly observe: Observe,
    private readonly access: Access,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const answer = this.problemOf(thrown, request);
    if (isUnreadableDelivery(answer.status, request, this.access)) {
      this.observe({ kind: 'alert_received', outcome: 'malformed' });
      return void reply.status(200).send(MALFORMED);
    }
    if (answer.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (answer.status === 503 || answer.status === 429) void reply.header('retry-after', RETRY_AFTER_SECONDS);
    void reply.status(answer.status).type(PROBLEM_TYPE).send(answer);
  }

  private problemOf(thrown: unknown, { method, url }: FastifyRequest): Problem {
    const path = url.split('?')[0] ?? '';
    const known = knownProblem(thrown);
    if (!known) {
      this.observe({ kind: 'request_failed', method, path, error: thrown });
      return problem(500, 'internal', 'the server failed; the log says why');
    }
    this.observe({ kind: 'request_refused', status: known.status, code: known.code, method, path });
    return known;
  }
}

function knownProblem(thrown: unknown): Problem | undefined {
  if (thrown instanceof AppError)
    return problem(statusOfCode(thrown.code), thrown.code, thrown.message, thrown.facts);
  if (thrown instanceof Refusal) return problem(thrown.status, thrown.code, thrown.message);
  const status = thrown instanceof HttpException ? thrown.getStatus() : frameworkStatus(thrown);
  if (status === undefined || status >= 500) return undefined;
  return problem(status, 'request.invalid', FRAMEWORK_SENTENCES[status] ?? messageOf(thrown));
}

/** Fastify marks its errors with a status of their own. */
function frameworkStatus(thrown: unknown): number | undefined {
  const status = thrown instanceof Error ? (thrown as { statusCode?: unknown }).statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
