/** Where rows are lines longer texts, such as queries, are cut; `--output json` has them whole. */
const LINE_SHOWN = 160;
/** Longer lists, such as seconds that were looked at, are counted. */
const LIST_SHOWN = 8;

type Row = readonly [name: string, text: string];

/** Evidence as names and values, one a row: what is nested stands under the name of what it is in. */
export function evidenceRows(evidence: Readonly<Record<string, unknown>>): Row[] {
  return Object.entries(evidence).flatMap(([name, value]) => rowsOf(name, value));
}

/** The same for a terminal. */
export function evidenceLines(evidence: Readonly<Record<string, unknown>>): Row[] {
  return evidenceRows(evidence).map(([name, text]) => [name, cut(text)]);
}

function rowsOf(name: string, value: unknown): Row[] {
  if (value === null || value === undefined) return [[name, '-']];
  if (Array.isArray(value)) return listRows(name, value as readonly unknown[]);
  if (typeof value === 'object') {
    if (isFlat(value)) return [[name, flatText(value)]];
    return Object.entries(value).flatMap(([inner, one]) => rowsOf(`${name}.${inner}`, one));
  }
  return [[name, shown(value)]];
}

function listRows(name: string, list: readonly unknown[]): Row[] {
  if (list.length === 0) return [[name, 'none']];
  if (list.length > LIST_SHOWN || list.every(Array.isArray))
    return [[name, `${list.length} of them; pointsman history --output json shows all`]];
  if (list.every((one) => typeof one !== 'object')) return [[name, list.map(shown).join(', ')]];
  return list.flatMap((one, at) => rowsOf(`${name}.${at + 1}`, one));
}

/** A few numbers that belong together fit into one row. */
function isFlat(value: object): boolean {
  const values = Object.values(value);
  return values.length > 0 && values.length <= 4 && values.every((one) => typeof one === 'number');
}

function flatText(value: object): string {
  return Object.entries(value)
    .map(([name, one]) => `${name} ${shown(one)}`)
    .join(', ');
}

function shown(value: unknown): string {
  if (typeof value === 'number')
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length <= LINE_SHOWN ? text : `${text.slice(0, LINE_SHOWN)}…`;
}
