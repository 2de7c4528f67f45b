import { createHash } from 'node:crypto';
import type { Role } from '../kernel/roles';

/** Who makes a request. The name goes into the audit trail. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
}

/** A bearer token, known by its SHA-256 alone. */
export interface TokenEntry extends Principal {
  readonly sha256: string;
}

export interface AccessRules {
  readonly tokens: readonly TokenEntry[];
  /** Requests without a token are this one's; undefined when a token is required. */
  readonly anonymous: Principal | undefined;
  /** Requests must name a loopback host, so that no web page can reach the server through a name of its own. */
  readonly loopbackHostsOnly: boolean;
}

export const LOCAL_ADMIN: Principal = { name: 'local admin', role: 'admin' };

/** The rules of a process without configured tokens: it listens on loopback only, and whoever is there is admin. */
export const LOOPBACK_RULES: AccessRules = { tokens: [], anonymous: LOCAL_ADMIN, loopbackHostsOnly: true };

export type Authentication =
  | { readonly kind: 'known'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly why: string };

const BEARER = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/** Decides who asks. A token that is given must be right, even where none is needed. */
export class Access {
  private bySha256: ReadonlyMap<string, TokenEntry>;

  constructor(private rules: AccessRules) {
    this.bySha256 = indexed(rules.tokens);
  }

  get loopbackHostsOnly(): boolean {
    return this.rules.loopbackHostsOnly;
  }

  /** From here on only these tokens are right. */
  replaceTokens(tokens: readonly TokenEntry[]): void {
    this.rules = { ...this.rules, tokens };
    this.bySha256 = indexed(tokens);
  }

  authenticate(authorization: string | undefined): Authentication {
    if (authorization === undefined) {
      const { anonymous } = this.rules;
      return anonymous
        ? { kind: 'known', principal: anonymous }
        : { kind: 'refused', why: 'this server wants a bearer token' };
    }
    const token = BEARER.exec(authorization)?.[1];
    // Found by its hash: how long the look-up takes says nothing about the token.
    const entry = token === undefined ? undefined : this.bySha256.get(sha256(token));
    return entry
      ? { kind: 'known', principal: entry }
      : { kind: 'refused', why: 'the bearer token is not known' };
  }
}

/** Whether a role is among those allowed; an admin always is. */
export function isAllowed(role: Role, allowed: readonly Role[]): boolean {
  return role === 'admin' || allowed.includes(role);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function indexed(tokens: readonly TokenEntry[]): ReadonlyMap<string, TokenEntry> {
  return new Map(tokens.map((entry) => [entry.sha256, entry]));
}
