import {
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../kernel/loopback-host';
import type { Role } from '../kernel/roles';
import { Access, isAllowed, type Principal } from './access';
import { isOwnOrigin } from './origin';
import { Refusal } from './refusal';

interface IdentifiedRequest extends FastifyRequest {
  principal?: Principal;
}

const ALLOWED = 'allowed roles';

/** The roles that may call a handler, beside admin. Without it a handler is open to everybody. */
export const Allow = (...roles: Role[]): CustomDecorator => SetMetadata(ALLOWED, roles);

/** Who calls. Only in handlers that are marked with `Allow`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => principalOf(context));

export function principalOf(context: ExecutionContext): Principal {
  const { principal } = context.switchToHttp().getRequest<IdentifiedRequest>();
  if (!principal) throw new Error('a handler asks who calls without being marked with Allow');
  return principal;
}

/** Query parameters that look like a token: a URL ends up in logs and histories, so none may carry one. */
const TOKEN_PARAMETERS = ['token', 'access_token', 'authorization'];

/** Lets a request through to a handler, or refuses it with the reason. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<IdentifiedRequest>();
    this.checkOrigin(request);
    const roles = this.reflector.get<Role[] | undefined>(ALLOWED, context.getHandler());
    if (roles) request.principal = this.identify(request, roles);
    return true;
  }

  private checkOrigin({ headers, query }: FastifyRequest): void {
    const { host, origin } = headers;
    if (this.access.loopbackHostsOnly && !isLoopbackHost(host)) {
      throw new Refusal(
        403,
        'host.refused',
        'this server answers only to loopback names such as 127.0.0.1 or localhost',
      );
    }
    if (origin !== undefined && !isOwnOrigin(origin, host)) {
      throw new Refusal(403, 'origin.refused', `requests from pages of ${origin} are refused`);
    }
    const names = Object.keys(query as Record<string, unknown>);
    if (names.some((name) => TOKEN_PARAMETERS.includes(name.toLowerCase()))) {
      throw new Refusal(
        400,
        'token.in_url',
        'a token belongs into the Authorization header, never into a URL',
      );
    }
  }

  private identify({ headers }: FastifyRequest, roles: readonly Role[]): Principal {
    const authentication = this.access.authenticate(headers.authorization);
    if (authentication.kind === 'refused') throw new Refusal(401, 'token.refused', authentication.why);
    const { principal } = authentication;
    if (isAllowed(principal.role, roles)) return principal;
    throw new Refusal(
      403,
      'role.refused',
      `"${principal.name}" is ${principal.role}; this wants one of: ${[...roles, 'admin'].join(', ')}`,
    );
  }
}
