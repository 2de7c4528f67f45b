/** The pieces of a PromQL expression, as far as the lint rules need them. Whether it is valid is for promtool to say. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'range' | 'sign';
  readonly text: string;
}

const PIECES: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|#[^\n]*/y],
  ['string', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ['range', /\[[^\]]*\]/y],
  ['number', /\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:ms|[smhdwy](?:\d+[smhdwy])*)?\b/y],
  ['word', /\$?[A-Za-z_][A-Za-z0-9_:]*|\$\{[^}]*\}/y],
  ['sign', /=~|!~|!=|>=|<=|==|[-+*/%^<>=(){},@]/y],
];

export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < expression.length;) {
    const token = tokenAt(expression, at);
    if (token.kind !== 'space') tokens.push({ kind: token.kind, text: token.text });
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(expression: string, at: number): { kind: Token['kind'] | 'space'; text: string } {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = at;
    const text = pattern.exec(expression)?.[0];
    if (text) return { kind, text };
  }
  throw new RangeError(`no PromQL at ${at}: ${expression.slice(at, at + 20)}`);
}

/** The position of the bracket that closes the one at `open`. */
export function closingOf(tokens: readonly Token[], open: number): number {
  const [opening, closing] = tokens[open]?.text === '{' ? ['{', '}'] : ['(', ')'];
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.text === opening) depth += 1;
    if (tokens[at]?.text === closing) depth -= 1;
    if (depth === 0) return at;
  }
  throw new RangeError(`a ${opening} is never closed`);
}
