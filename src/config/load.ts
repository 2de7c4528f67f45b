import { readFileSync } from 'node:fs';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { AppError, messageOf } from '../kernel/errors';
import { overridesOf, type Environment } from './environment';
import { configSchema, type Config } from './schema';

export interface ConfigSources {
  /** Path of a YAML file. */
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** Settings that a command gives itself, below file and environment. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** The frozen configuration, or one AppError that lists every fault at once. */
export function loadConfig({ file, environment, defaults = {} }: ConfigSources): Config {
  const { values, faults } = overridesOf(environment);
  const settings = merged(structuredClone(defaults), file === undefined ? {} : readYaml(file));
  for (const { path, value } of values) setAt(settings, path, value);
  const parsed = configSchema.safeParse(settings);
  const shape = parsed.success ? [] : parsed.error.issues.map(faultOf);
  const all = [...faults, ...shape, ...crossFaults(settings)];
  if (!parsed.success || all.length > 0) throw invalid(all);
  return deepFreeze(parsed.data);
}

/** Rules that concern more than one setting: told also when other settings are at fault. */
function crossFaults({ devices }: Record<string, unknown>): string[] {
  if (!isRecord(devices) || (devices.certFile === undefined) === (devices.keyFile === undefined)) return [];
  return ['devices: certFile and keyFile are given together or not at all'];
}

function readYaml(file: string): Record<string, unknown> {
  try {
    const content: unknown = parseYaml(readFileSync(file, 'utf8'), { logLevel: 'error' });
    if (content === null || content === undefined) return {};
    if (isRecord(content)) return content;
    throw new Error('the file must hold settings by name');
  } catch (error) {
    throw invalid([`${file}: ${error instanceof YAMLParseError ? yamlFault(error) : messageOf(error)}`]);
  }
}

/** In words of our own: the parser quotes the line that is at fault, and that may hold a password. */
function yamlFault({ code, linePos }: YAMLParseError): string {
  const what = code.toLowerCase().replaceAll('_', ' ');
  return `it is not YAML: ${what}${linePos ? ` at line ${linePos[0].line}, column ${linePos[0].col}` : ''}`;
}

function merged(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(over)) {
    const below = base[name];
    base[name] = isRecord(value) && isRecord(below) ? merged(below, value) : value;
  }
  return base;
}

function setAt(settings: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    settings[name] = value;
    return;
  }
  if (settings[name] === undefined) settings[name] = {};
  const inner = settings[name];
  // Anything else is a fault of the file, which the schema will report.
  if (isRecord(inner)) setAt(inner, rest, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'configuration'}: ${issue.message}`;
}

function invalid(faults: readonly string[]): AppError {
  return new AppError(
    'config.invalid',
    `the configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults.join('; ')}`,
    { faults },
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
