import {
  COUNTED,
  GAUGES,
  type CountedName,
  type Definition,
  type GaugeName,
} from '../../telemetry/catalogue';

const DEFINITIONS: Readonly<Record<CountedName | GaugeName, Definition>> = { ...COUNTED, ...GAUGES };

/** What a metric is called in an expression: a key of the catalogue, so a name that is not there does not compile. */
export function nameOf(metric: CountedName | GaugeName): string {
  return DEFINITIONS[metric].name;
}

/** Label → value, or a matcher of its own such as `=~"a|b"`. */
export type Matchers = Readonly<Record<string, string>>;

/** `name{label="value"}`; a value that begins with an operator is taken as it is. */
export function selector(name: string, matchers: Matchers = {}): string {
  const parts = Object.entries(matchers).map(([label, value]) =>
    /^(=~|!~|!=)/.test(value) ? `${label}${value}` : `${label}="${value}"`,
  );
  return parts.length > 0 ? `${name}{${parts.join(',')}}` : name;
}

export function anyOf(values: readonly string[]): string {
  return `=~"${values.join('|')}"`;
}

/** Decimal, at most six digits that count, without the dirt of binary fractions and without an exponent. */
export function decimal(value: number): string {
  const DIGITS = 6;
  const text = Number(value.toPrecision(DIGITS)).toString();
  if (!text.includes('e')) return text;
  return value.toFixed(20).replace(/0+$/, '');
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a duration such as 90s, 5m, 6h or 30d. */
export function secondsOf(duration: string): number {
  const match = /^(\d+)([smhd])$/.exec(duration);
  if (!match) throw new RangeError(`${duration} is no duration such as 5m`);
  return Number(match[1]) * UNIT_SECONDS[match[2] as keyof typeof UNIT_SECONDS];
}

/** The shortest way to write a duration of whole seconds. */
export function durationOf(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find((name) => seconds % UNIT_SECONDS[name] === 0);
  return unit ? `${seconds / UNIT_SECONDS[unit]}${unit}` : `${seconds}s`;
}
