import type { CohortCoverage, Judgement } from '../slo/verdict';
import { isLatched, type RolloutDocument } from './document';
import { rungOf, type Ladder } from './ladder';
import { count, duration, percent } from './sentences';

const DAY_MS = 24 * 60 * 60_000;
/** A rehearsal that is older says little about today's fleet. */
const REHEARSED_WITHIN_MS = 30 * DAY_MS;
/** A judgement that is older says nothing about now. */
const JUDGED_LATELY_MS = 10 * 60_000;
/** A day of which less was measured may have had legacy traffic that nobody saw. */
const MEASURED = 0.95;
const PINS_NAMED = 5;

/** `unknown` is not yes. */
export type RemovalAnswer = 'yes' | 'no' | 'unknown';

export interface RemovalItem {
  readonly name: string;
  readonly answer: RemovalAnswer;
  /** What was found, in one sentence. */
  readonly finding: string;
  /** What to do about it; null when the answer is yes. */
  readonly todo: string | null;
}

export interface Removal {
  readonly answer: RemovalAnswer;
  readonly items: readonly RemovalItem[];
}

/** Commands over legacy on one UTC day; undefined when that was not measured. */
export interface LegacyDay {
  readonly day: string;
  readonly commands: number | undefined;
  /** Share of the day that was measured, 0…1. */
  readonly coverage: number;
}

export interface LegacyUse {
  /** Oldest first; the last one is today. */
  readonly days: readonly LegacyDay[];
  /** Whose counts they are: of everybody who may have used legacy, or of this replica alone. */
  readonly of: 'all' | 'this replica';
}

export interface RemovalFacts {
  readonly document: RolloutDocument;
  readonly ladder: Ladder;
  /** The latest one. */
  readonly judgement: Judgement | undefined;
  readonly use: LegacyUse;
  /** As all replicas know it together. */
  readonly fleet: CohortCoverage;
  readonly nowMs: number;
}

type Found = Omit<RemovalItem, 'name'>;
type Check = (facts: RemovalFacts) => Found;

const CHECKS: readonly (readonly [string, Check])[] = [
  ['validation passed', validationPassed],
  ['everything on the new transport', everythingMoved],
  ['holdback released', holdbackReleased],
  ['no pins to legacy', noPins],
  ['no legacy traffic', noTraffic],
  ['no device left behind', nobodyBehind],
  ['objectives and budgets', budgetsFine],
  ['rollback rehearsed', rehearsed],
];

/** May the legacy transport be removed? Only when every item says yes. Pure. */
export function judgeRemoval(facts: RemovalFacts): Removal {
  const items = CHECKS.map(([name, check]) => ({ name, ...check(facts) }));
  const has = (answer: RemovalAnswer) => items.some((item) => item.answer === answer);
  return { answer: has('no') ? 'no' : has('unknown') ? 'unknown' : 'yes', items };
}

function yes(finding: string): Found {
  return { answer: 'yes', finding, todo: null };
}

function no(finding: string, todo: string): Found {
  return { answer: 'no', finding, todo };
}

function unknown(finding: string, todo: string): Found {
  return { answer: 'unknown', finding, todo };
}

function validationPassed({ document, ladder }: RemovalFacts): Found {
  const { index, stage } = rungOf(ladder, document.position, document.plan.percentage);
  const of = ladder.stages.length;
  const where = `the rollout stands in ${stage.name}, stage ${index + 1} of ${of}`;
  return index === of - 1 ? yes(where) : no(where, 'climb to the end of the ladder: pointsman status');
}

function everythingMoved({ document }: RemovalFacts): Found {
  const { percentage } = document.plan;
  if (isLatched(document))
    return no(`rolled back and latched at ${percent(percentage)}`, 'find the cause, then pointsman release');
  return percentage === 100
    ? yes('the percentage is 100')
    : no(`the percentage is ${percentage}`, 'climb to 100 %');
}

function holdbackReleased({ document }: RemovalFacts): Found {
  const { holdback } = document.plan;
  return holdback === 0
    ? yes('no device is held back')
    : no(
        `${percent(holdback)} of the devices are held back on legacy`,
        'release them by the ladder: pointsman promote',
      );
}

function noPins({ document }: RemovalFacts): Found {
  const pinned = Object.entries(document.plan.pins).flatMap(([id, to]) => (to === 'legacy' ? [id] : []));
  if (pinned.length === 0) return yes('no device is pinned to legacy');
  const more = pinned.length > PINS_NAMED ? ' and others' : '';
  return no(
    `${devices(pinned.length)} pinned to legacy: ${pinned.slice(0, PINS_NAMED).join(', ')}${more}`,
    'find out why, then take the pins away: pointsman pin',
  );
}

function noTraffic({ use }: RemovalFacts): Found {
  const { days, of } = use;
  const used = days.filter(({ commands = 0 }) => commands > 0);
  const last = used.at(-1);
  const since = days[0]?.day;
  if (last !== undefined) {
    const sum = used.reduce((total, { commands = 0 }) => total + commands, 0);
    return no(
      `${count(Math.ceil(sum))} commands went over legacy since ${since}, the last ones on ${last.day}`,
      'see what still uses it (pointsman explain <device>), then wait',
    );
  }
  if (since === undefined)
    return unknown('no objective counts commands', 'have one that does (docs/slos.md)');
  if (of === 'this replica')
    return unknown(
      `none by this replica since ${since}; what others did, or one that is gone, is not known`,
      'configure prometheus.url, which knows of all replicas',
    );
  const blind = days.filter(({ commands, coverage }) => commands === undefined || coverage < MEASURED);
  if (blind.length === 0) return yes(`no command went over legacy since ${since}`);
  return unknown(
    `none was seen since ${since}, but ${blind.length} of ${days.length} days were not measured whole, ${blind.at(-1)?.day} the last of them`,
    'wait until so many days have been measured, or ask for fewer with --days',
  );
}

function nobodyBehind({ fleet }: RemovalFacts): Found {
  const { known = 0, devices: moved, spoken, replicas = 1 } = fleet;
  if (known > moved)
    return no(`the plan gives ${devices(known - moved)} to legacy`, 'see pins, holdback and percentage');
  if (moved > spoken)
    return no(
      `${devices(moved - spoken)} not heard of since they moved: what they last spoke was legacy`,
      'find them, or let them go: pointsman status shows how many have spoken',
    );
  const of = replicas > 1 ? ` that ${replicas} replicas know` : '';
  return unseenOf(fleet) ?? yes(`all ${count(spoken)} devices${of} have been heard of since they moved`);
}

/** What keeps the devices from being known whole. */
function unseenOf({ spoken, absent = 0, sampled = 1, missing = [] }: CohortCoverage): Found | undefined {
  if (missing.length > 0)
    return unknown(
      `which devices ${missing.join(', ')} has heard of is not known`,
      'ask again in a minute; if it lasts, see the log of that replica',
    );
  if (absent > 0)
    return unknown(
      `${devices(absent)} dialled in once and not since the processes started`,
      'wait for them, or forget those that are gone (forget-credential)',
    );
  if (spoken === 0) return unknown('no device is known', 'wait until devices have dialled in');
  if (sampled < 1)
    return unknown(
      `one device in ${count(1 / sampled)} was looked at, and all of those have spoken since they moved`,
      'have fewer devices on each replica (docs/replicas.md)',
    );
  return undefined;
}

function budgetsFine({ judgement, document, nowMs }: RemovalFacts): Found {
  const wait = 'wait for evidence: pointsman slo';
  if (
    judgement?.generation !== document.plan.generation ||
    !(nowMs - Date.parse(judgement.at) <= JUDGED_LATELY_MS)
  )
    return unknown('nothing was judged lately in this generation', wait);
  const judged = judgement.objectives.filter(({ observeOnly }) => observeOnly !== true);
  const faults = judged.flatMap(faultOf);
  if (faults.length > 0)
    return no(faults.join('; '), 'mend it; a budget comes back as its window moves on: pointsman slo');
  const open = judged.filter(({ verdict }) => verdict !== 'pass');
  if (judged.length === 0)
    return unknown('no objective is judged', 'have objectives that are (docs/slos.md)');
  if (open.length > 0)
    return unknown(open.map(({ objective, why }) => `${objective}: ${why}`).join('; '), wait);
  return yes(`all ${judged.length} objectives pass, none has overspent its budget`);
}

function faultOf({
  objective,
  verdict,
  why,
  budgetLeftWhole: left,
}: Judgement['objectives'][number]): string[] {
  if (verdict === 'fail') return [`${objective}: ${why}`];
  if (left === undefined || left > 0) return [];
  return [
    `${objective}: ${percent(Math.round(left * 1000) / 10)} of its budget is left over its window, all generations together`,
  ];
}

function rehearsed({ document, nowMs }: RemovalFacts): Found {
  const { lastDrill } = document.position;
  const todo = 'rehearse a rollback and record it: pointsman drill';
  if (lastDrill === null) return no('no rehearsal of a rollback is on record', todo);
  const ageMs = nowMs - Date.parse(lastDrill.at);
  const said = `the last one was ${duration(ageMs)} ago and took ${lastDrill.seconds} s`;
  return ageMs <= REHEARSED_WITHIN_MS ? yes(said) : no(`${said}, which is more than 30 days`, todo);
}

function devices(number: number): string {
  return number === 1 ? '1 device' : `${count(number)} devices`;
}
