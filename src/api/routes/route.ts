import type { z } from 'zod';
import type { Role } from '../../kernel/roles';

/** One call of the HTTP contract, as the OpenAPI document describes it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put';
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Empty: open to everybody. An admin may call everything. */
  readonly roles: readonly Role[];
  readonly headers?: readonly { readonly name: string; readonly description: string }[];
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType | undefined;
  /** The answer's media type, where it is not JSON. */
  readonly mediaType?: string;
  /** What it may refuse with, beside 400, 401 and 403. */
  readonly refusals: readonly number[];
}
