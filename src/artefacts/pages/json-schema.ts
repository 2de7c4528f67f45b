/** What is used here of a JSON schema, as zod writes it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Whole numbers without a bound of their own have these, which say nothing. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;

/** The type in a few words: what it is, what it may be, within which bounds. */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(typeOf))].join(' or ');
  const { type = '' } = schema;
  if (typeof type !== 'string') return type.map((one) => typeOf({ ...schema, type: one })).join(' or ');
  return TYPES[type]?.(schema) ?? 'anything';
}

const TYPES: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  string: (schema) => textType(schema),
  integer: (schema) => `whole number${range(schema)}`,
  number: (schema) => `number${range(schema)}`,
  boolean: () => 'true or false',
  null: () => '`null`',
  array: (schema) => listType(schema),
  object: ({ additionalProperties: values }) =>
    typeof values === 'object' && Object.keys(values).length > 0 ? `map to ${typeOf(values)}` : 'object',
};

function textType({ minLength = 0, maxLength }: JsonSchema): string {
  return maxLength === undefined ? 'text' : `text, ${minLength} to ${maxLength} characters`;
}

function listType({ items, prefixItems, maxItems }: JsonSchema): string {
  if (prefixItems) return `list of ${prefixItems.length}: ${prefixItems.map(typeOf).join(', ')}`;
  const limit = maxItems === undefined ? '' : ` (at most ${numeral(maxItems)})`;
  return `list of ${items ? typeOf(items) : 'anything'}${limit}`;
}

function range({ minimum = -NO_BOUND, maximum = NO_BOUND }: JsonSchema): string {
  const [low, high] = [minimum > -NO_BOUND, maximum < NO_BOUND];
  if (low && high) return `, ${numeral(minimum)} to ${numeral(maximum)}`;
  if (low) return `, ${numeral(minimum)} or more`;
  return high ? `, ${numeral(maximum)} or less` : '';
}

/** With blanks between thousands: seven digits in a row are not read. */
function numeral(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.length > 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, ' ') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function linkTo(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return `[${name}](#${name.toLowerCase()})`;
}

export function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
