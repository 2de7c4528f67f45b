import { randomInteger, type Random } from '../../src/kernel/random';
import type { Ask } from './http';
import { deviceIds } from './plans';
import type { Person, Ramp } from './ramp';

const [SOMEBODYS] = deviceIds(1, 5);

const put = (what: string, body: object): Ask => ({ method: 'PUT', path: `/v1/rollout/${what}`, body });
const post = (what: string, reason: string, more: object = {}): Ask => ({
  path: `/v1/rollout/${what}`,
  body: { reason, ...more },
});

/** What one person does against the automation, and what the answers must be. */
interface Deed {
  readonly wishes: (ramp: Ramp, random: Random) => readonly [Ask, readonly string[]][];
  /** Goes back to the beginning: not in the upper half, or a story would never end. */
  readonly costly?: true;
}

const percentageOf = (ramp: Ramp): number => ramp.document.plan.percentage;
/** A little more, confirmed: nothing but a latch or a freeze refuses it. */
const more = (ramp: Ramp, reason: string): Ask =>
  percentageOf(ramp) < 100
    ? put('percentage', { percentage: Math.min(percentageOf(ramp) + 4, 100), reason, confirm: true })
    : put('pins', { pins: { [SOMEBODYS ?? '']: 'new' }, reason, confirm: true });

/** By name, so that a run can be read. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'lowers by hand': {
    wishes: (ramp, random) => [
      [
        put('percentage', {
          percentage: Math.floor((percentageOf(ramp) * randomInteger(random, 60, 95)) / 100),
          reason: 'support asks for a pause',
        }),
        ['done'],
      ],
    ],
  },
  'raises by hand': { wishes: (ramp) => [[more(ramp, 'the demo needs more devices'), ['done']]] },
  pauses: { wishes: () => [[post('pause', 'a long weekend'), ['done']]] },
  'freezes, and forgets it': {
    wishes: (ramp) => [
      [post('freeze', 'nothing moves while the auditors are here'), ['done']],
      [more(ramp, 'but mine may'), ['rollout.frozen']],
      [post('promote', 'but mine may', { confirm: true }), ['rollout.frozen']],
    ],
  },
  'rolls back, and wants it up again': {
    costly: true,
    wishes: (ramp) => [
      [post('rollback', 'my lamp does not answer'), ['done']],
      [more(ramp, 'it was the bulb'), ['rollout.latched']],
      [post('promote', 'it was the bulb', { confirm: true }), ['rollout.latched']],
      [post('rollback', 'or was it?'), ['done']],
    ],
  },
  'promotes without asking the gates': {
    wishes: () => [
      [post('promote', 'this takes too long'), ['gate.closed', 'done']],
      [post('promote', 'this takes too long', { confirm: true }), ['done']],
    ],
  },
  'releases what is not latched': {
    wishes: () => [[post('release', 'just in case'), ['rollout.not_latched']]],
  },
  'changes the mirror': {
    wishes: (ramp) => [[put('mirror', { on: !ramp.document.plan.mirror.on, reason: 'curious' }), ['done']]],
  },
  'widens the holdback': {
    wishes: (ramp) => [
      [
        put('holdback', {
          holdback: Math.min(ramp.document.plan.holdback + 2, 20),
          reason: 'a larger control',
        }),
        ['done'],
      ],
    ],
  },
  'pins a device, and lets it go': {
    wishes: () => [
      [put('pins', { pins: { [SOMEBODYS ?? '']: 'legacy' }, reason: 'a customer complains' }), ['done']],
      [put('pins', { pins: { [SOMEBODYS ?? '']: null }, reason: 'it was something else' }), ['done']],
    ],
  },
};

const COSTLY_BELOW = 30;

/** Ben, who fights the automation: once does one thing that he should not, or should not do so. `left`: what he has not done yet. */
export async function fight(ramp: Ramp, random: Random, left: Set<string>): Promise<void> {
  const { automation, freeze, plan } = ramp.document;
  if (automation.kind === 'latched' || freeze !== null) return;
  if (left.size === 0) for (const name of Object.keys(DEEDS)) left.add(name);
  const names = [...left].filter((name) => !DEEDS[name]?.costly || plan.percentage < COSTLY_BELOW);
  const name = names[randomInteger(random, 0, names.length - 1)] ?? '';
  left.delete(name);
  for (const [wish, wanted] of DEEDS[name]?.wishes(ramp, random) ?? []) {
    const answered = await ramp.wish('ben', wish);
    if (!wanted.includes(answered))
      ramp.breaches.push(`ben ${name}: was answered ${answered}, not ${wanted.join(' or ')}`);
  }
}

/** Ana, who puts the ramp on its way again; undefined when nothing keeps it from going on by itself. */
export function remedyFor({ document }: Ramp): Ask | undefined {
  const { automation, freeze, position } = document;
  if (freeze !== null) return post('unfreeze', 'the auditors are gone');
  switch (automation.kind) {
    case 'latched':
      return post('release', `looked into it: ${automation.reason}`);
    case 'paused':
    case 'manual':
      return post('resume', automation.kind === 'manual' ? 'off we go' : 'and on');
    case 'armed':
      return position.stage === 'canary-90' && position.approvals.length === 0
        ? post('approve', 'seen the figures of all regions')
        : undefined;
  }
}

export const REPAIRER: Person = 'ana';
