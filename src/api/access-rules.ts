import { AppError } from '../kernel/errors';
import { LOOPBACK_RULES, type AccessRules } from './access';
import { readTokens } from './token-file';

const LOOPBACK_ADDRESS = /^(127\.|::1$|localhost$)/;

/** Who may ask, by the configuration. Without tokens nothing but loopback may be listened on. */
export function accessRulesOf(settings: {
  readonly tokensFile?: string | undefined;
  readonly bind: string;
}): AccessRules {
  const { tokensFile, bind } = settings;
  if (tokensFile !== undefined)
    return { tokens: readTokens(tokensFile), anonymous: undefined, loopbackHostsOnly: false };
  if (LOOPBACK_ADDRESS.test(bind)) return LOOPBACK_RULES;
  throw new AppError(
    'config.invalid',
    `http.bind ${bind} is not loopback, and that wants tokens: set POINTSMAN_TOKENS_FILE, or bind to 127.0.0.1`,
  );
}

/** Says in a sentence who may ask. */
export function describeAccess({ tokens, anonymous }: AccessRules): string {
  return anonymous
    ? 'no tokens are configured: bound to loopback only, and every local caller is admin'
    : `${tokens.length} bearer token${tokens.length === 1 ? '' : 's'} configured; a request without one is refused`;
}
