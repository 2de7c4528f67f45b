import { closingOf, tokensOf, type Token } from './tokens';

/** One place where an expression reads series. */
export interface Selection {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** `[5m]` without its brackets, where it has one. */
  readonly range: string | undefined;
  /** Functions and aggregations around it, the innermost first. */
  readonly within: readonly string[];
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  /** Without its quotes. */
  readonly value: string;
}

export interface Reading {
  readonly selections: readonly Selection[];
  /** Labels of `by`, `on`, `group_left` and their kin, wherever they stand. */
  readonly grouping: readonly string[];
}

const GROUPING = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'start', 'end']);
const CONSTANTS = new Set(['inf', 'nan', 'Inf', 'NaN']);

/** What an expression reads. */
export function readingOf(expression: string): Reading {
  const tokens = tokensOf(expression);
  const selections: Selection[] = [];
  const grouping: string[] = [];
  const within: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const { kind, text } = tokens[at] as Token;
    if (text === ')') within.shift();
    if (text === '(') within.unshift(calledBefore(tokens, at));
    if (kind !== 'word') continue;
    if (GROUPING.has(text)) {
      if (tokens[at + 1]?.text !== '(') continue;
      const end = closingOf(tokens, at + 1);
      grouping.push(...wordsBetween(tokens, at + 2, end));
      at = end;
    } else if (isMetric(tokens, at)) {
      const { selection, end } = selectionAt(tokens, at, within);
      selections.push(selection);
      at = end;
    }
  }
  return { selections, grouping };
}

function isMetric(tokens: readonly Token[], at: number): boolean {
  const { text } = tokens[at] as Token;
  if (OPERATORS.has(text) || CONSTANTS.has(text) || text.startsWith('$')) return false;
  const next = tokens[at + 1]?.text;
  return next !== '(' && !GROUPING.has(next ?? '');
}

function selectionAt(tokens: readonly Token[], at: number, within: readonly string[]) {
  const metric = (tokens[at] as Token).text;
  let end = at;
  let matchers: Matcher[] = [];
  if (tokens[end + 1]?.text === '{') {
    const close = closingOf(tokens, end + 1);
    matchers = matchersBetween(tokens, end + 2, close);
    end = close;
  }
  const after = tokens[end + 1];
  const range = after?.kind === 'range' ? after.text.slice(1, -1) : undefined;
  const called = within.filter((name) => name !== '');
  return { selection: { metric, matchers, range, within: called }, end };
}

/** The function in front of a bracket, across a `by (…)` between them; '' for a bracket of precedence. */
function calledBefore(tokens: readonly Token[], at: number): string {
  const before = tokens[at - 1]?.text === ')' ? beforeClause(tokens, at - 1) : at - 1;
  const token = tokens[before];
  return token?.kind === 'word' && !OPERATORS.has(token.text) ? token.text : '';
}

/** The place in front of `by (…)` whose bracket closes at `close`; -1 when it is no such clause. */
function beforeClause(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (tokens[at]?.text === ')') depth += 1;
    if (tokens[at]?.text === '(') depth -= 1;
    if (depth > 0) continue;
    return /^(by|without)$/.test(tokens[at - 1]?.text ?? '') ? at - 2 : -1;
  }
  return -1;
}

function wordsBetween(tokens: readonly Token[], from: number, to: number): string[] {
  return tokens
    .slice(from, to)
    .filter((token) => token.kind === 'word' && !token.text.startsWith('$'))
    .map((token) => token.text);
}

function matchersBetween(tokens: readonly Token[], from: number, to: number): Matcher[] {
  return tokens.slice(from, to).flatMap((token, at) => {
    if (token.kind !== 'word') return [];
    const [operator, value] = [tokens[from + at + 1]?.text ?? '', tokens[from + at + 2]?.text ?? ''];
    return [{ label: token.text, operator, value: value.slice(1, -1) }];
  });
}
