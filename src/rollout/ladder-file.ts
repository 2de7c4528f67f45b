import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { AppError, messageOf } from '../kernel/errors';
import { defaultLadder } from './default-ladder';
import { startOfDay } from './deployment-window';
import { ALL_OBJECTIVES, type CalendarFreeze, type Gate, type Ladder, type Stage } from './ladder';
import { orderFaults } from './ladder-order';
import { ladderSchema, type WrittenGate, type WrittenLadder, type WrittenStage } from './ladder-schema';

const DAY_MS = 24 * 60 * 60_000;

/** The ladder of a file, or the default one. Throws one AppError that lists every fault of the file. */
export function loadLadder(file: string | undefined, holdback: number): Ladder {
  if (file === undefined) return defaultLadder(holdback);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(file, [messageOf(error)]);
  }
  return parseLadder(text, holdback, file);
}

/** `holdback`: of stages before the first that names one. `source` is what faults are told of. */
export function parseLadder(text: string, holdback: number, source = 'the ladder'): Ladder {
  let content: unknown;
  try {
    content = parseYaml(text);
  } catch (error) {
    throw invalid(source, [messageOf(error)]);
  }
  const parsed = ladderSchema.safeParse(content);
  const shape = parsed.success
    ? calendarFaults(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'ladder'}: ${message}`);
  const order = orderFaults(stagesOf(content)).map(({ where, sentence }) => `${where}: ${sentence}`);
  if (!parsed.success || shape.length + order.length > 0) throw invalid(source, [...shape, ...order]);
  const ladder = ladderOf(parsed.data, holdback);
  // Once more with what was left to the configuration: its holdback may be below one that comes later.
  const resolved = orderFaults(ladder.stages).map(({ where, sentence }) => `${where}: ${sentence}`);
  if (resolved.length > 0) throw invalid(source, resolved);
  return ladder;
}

function invalid(source: string, faults: readonly string[]): AppError {
  const many = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new AppError('config.invalid', `${source} has ${many}: ${faults.join('; ')}`, { faults });
}

/** Stages as they are written, as far as there are any: told about also when their shape is at fault. */
function stagesOf(content: unknown): readonly object[] {
  const stages =
    typeof content === 'object' && content !== null ? (content as { stages?: unknown }).stages : [];
  if (!Array.isArray(stages)) return [];
  return stages.map((stage: unknown) => (typeof stage === 'object' && stage !== null ? stage : {}));
}

function calendarFaults(written: WrittenLadder): string[] {
  return written.freezes.flatMap((freeze, index) => {
    const { fromMs, toMs } = freezeOf(freeze, written.zone);
    return fromMs < toMs ? [] : [`freezes.${index}: it ends before it begins`];
  });
}

function ladderOf({ zone, freezes, stages }: WrittenLadder, holdback: number): Ladder {
  let inherited = holdback;
  const [first, ...rest] = stages.map((stage) => {
    inherited = stage.holdback ?? inherited;
    return stageOf(stage, inherited, zone);
  });
  return {
    // The schema wants two stages at least.
    stages: [first as Stage, ...rest],
    freezes: freezes.map((freeze) => freezeOf(freeze, zone)),
  };
}

function stageOf(written: WrittenStage, holdback: number, zone: string): Stage {
  const { name, percentage, mirror, hold, resets, gates } = written;
  const names = namesOf(gates);
  return {
    name,
    percentage,
    mirror,
    holdback,
    holdMs: hold,
    resets: { failedDay: resets.includes('failed_day'), criticalPause: resets.includes('critical_pause') },
    gates: gates.map((gate, index) => gateOf(gate, names[index] ?? '', zone)),
  };
}

/** Given, or made from the kind; made ones get a number where two would be alike. */
function namesOf(gates: readonly WrittenGate[]): readonly string[] {
  const taken = new Set(gates.map(({ name }) => name));
  return gates.map((gate, index) => {
    if (gate.name !== undefined) return gate.name;
    const plain = plainName(gate);
    const name = taken.has(plain) ? `${plain} (${index + 1})` : plain;
    taken.add(name);
    return name;
  });
}

function gateOf(gate: WrittenGate, name: string, zone: string): Gate {
  switch (gate.kind) {
    case 'objective':
      return { ...gate, name, atLeast: gate.atLeast };
    case 'drill':
      return { kind: 'drill', name, withinMs: gate.within };
    case 'window': {
      const { days, from, to } = gate.window;
      const window = { days, fromMinute: from, toMinute: to, zone: gate.window.zone ?? zone };
      return { kind: 'window', name, window };
    }
    default:
      return { ...gate, name };
  }
}

/** What a gate is called that nobody has named. */
function plainName(gate: WrittenGate): string {
  if (!('objective' in gate)) return gate.kind === 'approval' ? `approval by ${gate.role}` : gate.kind;
  return `${gate.kind} of ${gate.objective === ALL_OBJECTIVES ? 'all objectives' : gate.objective}`;
}

/** Days are those of the ladder's zone; the last one is part of the freeze. */
function freezeOf({ from, to, reason }: WrittenLadder['freezes'][number], zone: string): CalendarFreeze {
  return {
    fromMs: isDay(from) ? startOfDay(from, zone) : Date.parse(from),
    toMs: isDay(to) ? startOfDay(dayAfter(to), zone) : Date.parse(to),
    reason,
  };
}

function isDay(text: string): boolean {
  return text.length === '2026-12-24'.length;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
