import { historySchema } from '../../../api/schemas/history';
import { sleep, type Clock } from '../../../kernel/clock';
import { AppError, messageOf } from '../../../kernel/errors';
import type { TransportView } from '../tally';
import type { Scene, Stagehand, Step, Story } from './story';
import { indented } from './wrap';

export interface TellingParts {
  readonly stagehand: Stagehand;
  readonly traffic: () => readonly TransportView[];
  readonly clock: Clock;
  readonly out: (text: string) => void;
  /** Whether the story is to end now. */
  readonly stopped: () => boolean;
}

const LOOK_MS = 250;
/** What is waited for may change with every look; it is told no more often. */
const TOLD_EVERY_MS = 4_000;
const LOOKED_BACK = 20;

/** Tells a story step by step. Rejects at the first step that does not come to its end within its bound. */
export async function tell(
  { steps, moral }: Pick<Story, 'steps' | 'moral'>,
  parts: TellingParts,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    parts.out(`\n== ${index + 1}/${steps.length}  ${step.name}\n${indented(step.says)}`);
    const told = await step.act?.(parts.stagehand);
    if (told !== undefined) parts.out(indented(told, '   > '));
    const scene = await seen(step, parts);
    if (step.sees) parts.out(indented(step.sees(scene), '   > '));
  }
  parts.out(`\n== The end\n${indented(moral)}\n`);
}

async function seen(step: Step, parts: TellingParts): Promise<Scene> {
  const { clock, out } = parts;
  const { waitsFor, boundMs, until, name } = step;
  const begun = clock.now();
  // Nothing is said of what comes at once.
  let said = { at: begun, text: '' };
  let missing = 'nothing was seen';
  while (clock.now() - begun < boundMs) {
    if (parts.stopped()) throw new AppError('draining', `stopped at "${name}", before the end of the story`);
    try {
      const scene = await look(parts);
      if (until(scene)) return scene;
      missing = step.gated ? lacking(scene) : `waiting for ${waitsFor}`;
    } catch (error) {
      missing = messageOf(error);
    }
    if (missing !== said.text && clock.now() - said.at >= TOLD_EVERY_MS) {
      said = { at: clock.now(), text: missing };
      out(`   … ${missing}\n`);
    }
    await sleep(clock, LOOK_MS);
  }
  const sentence = `the story stands still: "${name}" waited ${boundMs / 1000} s for ${waitsFor}; ${missing}`;
  throw new AppError('store.unavailable', sentence);
}

async function look({ stagehand, traffic }: TellingParts): Promise<Scene> {
  const [rollout, { entries }] = await Promise.all([
    stagehand.rollout(),
    stagehand.call({ method: 'GET', path: `/v1/rollout/history?limit=${LOOKED_BACK}` }, historySchema),
  ]);
  return { rollout, history: entries, traffic: traffic() };
}

/** What the machine waits for, in its own words. */
function lacking(scene: Scene): string {
  const shut = scene.rollout.gates
    .filter(({ state }) => state !== 'open')
    .map(({ lacks, name }) => lacks ?? name);
  return shut.length === 0 ? `${where(scene)}: every gate is open` : [...new Set(shut)].join('; ');
}

function where({ rollout: { plan, stage, automation } }: Scene): string {
  return `${stage.name}, ${plan.percentage} %, ${automation.kind}, generation ${plan.generation}`;
}
