import { rolloutSchema, type RolloutView } from '../../../api/schemas/rollout';
import type { AuditEntryView } from '../../../api/schemas/history';
import { AppError } from '../../../kernel/errors';
import { ServerRefusal } from '../../client';
import type { Scene, Stagehand, Step } from './story';

const SECOND_MS = 1000;
const REPAIRED = 'the new path answers again';

/** Arms the automation. The machine is at the bottom of the ladder, where nothing but the mirror is in use. */
export function darkLaunch(name: string, next: string): Step {
  return {
    name,
    says: `Nobody is moved yet. Legacy delivers every command, and the new transport works out beside it what it would have written, without a byte to a device. The automation is armed now ("pointsman resume"): from here on the machine climbs by itself, as far as gates let it.`,
    act: async (stagehand) => {
      const armed = await change(stagehand, 'resume', { reason: 'climb as gates allow' });
      return `${armed.automation.kind}; mirror on for ${armed.plan.mirror.percentage} % of the devices, ${armed.plan.percentage} % moved`;
    },
    until: at(next),
    waitsFor: `the gates of the dark launch to open, and the machine to go on to ${next}`,
    gated: true,
    boundMs: 60 * SECOND_MS,
    sees: promoted,
  };
}

/** The machine climbs from one stage to the next by itself. */
export function climb(about: { name: string; says: string; to: string; boundMs?: number }): Step {
  const { name, says, to, boundMs = 60 * SECOND_MS } = about;
  return {
    name,
    says,
    until: at(to),
    waitsFor: `the machine to reach ${to}`,
    gated: true,
    boundMs,
    sees: promoted,
  };
}

/** Until commands of moved devices have been seen by the application. */
export function served(name: string, says: string): Step {
  return {
    name,
    says,
    until: ({ traffic }) =>
      traffic.some(({ transport, sharePercent }) => transport === 'new' && sharePercent > 12),
    waitsFor: 'more than 12 % of the commands to go over the new transport',
    boundMs: 40 * SECOND_MS,
    sees: trafficText,
  };
}

/** What the new transport writes is lost from now on. */
export const BREAKS: Step = {
  name: 'The new path breaks',
  says: 'From this moment nothing that the new transport writes arrives; legacy is untouched. Nobody presses anything. A command counts as bad as soon as it is 1.5 s without its reply, and the guard compares both paths.',
  act: (stagehand) => {
    stagehand.breakNewPath();
    return Promise.resolve('broken');
  },
  until: ({ rollout: { automation, plan } }) => automation.kind === 'latched' && plan.percentage === 0,
  waitsFor: 'the machine to roll back to 0 %, and to latch',
  boundMs: 60 * SECOND_MS,
  sees: ({ rollout: { plan } }) =>
    `rolled back to ${plan.percentage} % by ${plan.setBy} at ${plan.setAt}, generation ${plan.generation}, latched`,
};

/** The entry of the rollback, as the history keeps it. */
export const EVIDENCE: Step = {
  name: 'Why: the evidence',
  says: 'Every change says who, why and on what evidence, written in the same step as the change itself. "pointsman history" lists them, and "pointsman history --explain" shows one whole.',
  until: ({ history }) => rollbackIn(history) !== undefined,
  waitsFor: 'the rollback to stand in the history',
  boundMs: 20 * SECOND_MS,
  sees: ({ history }) => evidenceText(rollbackIn(history) as AuditEntryView),
};

/** Commands are applied again, though the new path is still broken. */
export const RECOVERED: Step = {
  name: 'Devices work, the fault is still there',
  says: 'Legacy serves everybody again. What was on the wire when the path broke has failed and was reported as failed; nothing is sent twice. What was queued followed the new plan.',
  until: ({ traffic }) =>
    traffic.every(({ transport, sharePercent, appliedPercent }) =>
      transport === 'new' ? sharePercent === 0 : appliedPercent === 100,
    ),
  waitsFor: 'the application to see every command applied, over legacy alone',
  boundMs: 60 * SECOND_MS,
  sees: trafficText,
};

/** A raise while latched. */
export const REFUSED: Step = {
  name: 'Somebody tries to raise it again',
  says: 'After a rollback nobody raises anything, neither people nor the machine, until a named person releases the latch with a reason. A raise is refused, and the refusal says why and what lifts it.',
  act: async (stagehand) => `refused: ${await refusal(stagehand)}`,
  until: ({ rollout }) => rollout.automation.kind === 'latched' && rollout.plan.percentage === 0,
  waitsFor: 'the rollout to be latched at 0 % still',
  boundMs: 10 * SECOND_MS,
};

/** The fault is mended, and a person opens the latch. */
export const RELEASED: Step = {
  name: 'The cause is mended, the latch released',
  says: 'The new path works again, and a person says so. A new generation begins: evidence starts at zero, and what was spent of the error budget before does not block it.',
  act: async (stagehand) => {
    stagehand.repairNewPath();
    const released = await change(stagehand, 'release', { reason: REPAIRED });
    return `released; ${released.automation.kind}, ${released.plan.percentage} %, generation ${released.plan.generation}`;
  },
  until: ({ rollout }) => rollout.automation.kind === 'manual' && rollout.plan.generation >= 3,
  waitsFor: 'the latch to be open, in a new generation',
  boundMs: 10 * SECOND_MS,
};

function change(
  stagehand: Stagehand,
  verb: string,
  body: Readonly<Record<string, unknown>>,
): Promise<RolloutView> {
  return stagehand.call({ method: 'POST', path: `/v1/rollout/${verb}`, body }, rolloutSchema);
}

function at(stage: string): (scene: Scene) => boolean {
  return ({ rollout }) => rollout.stage.name === stage;
}

function promoted({ rollout: { plan, stage } }: Scene): string {
  return `${stage.name} (${stage.index} of ${stage.of}), ${plan.percentage} %, by ${plan.setBy}: ${plan.reason}`;
}

function trafficText({ traffic }: Scene): string {
  return traffic
    .filter(({ appliedPercent }) => appliedPercent !== undefined)
    .map(
      ({ transport, sharePercent, appliedPercent = 0, medianMs }) =>
        `${transport}: ${sharePercent.toFixed(0)} % of the commands, ${appliedPercent.toFixed(1)} % applied, median ${medianMs?.toFixed(0) ?? '-'} ms`,
    )
    .join('\n');
}

async function refusal(stagehand: Stagehand): Promise<string> {
  const body = { percentage: 5, reason: 'it looks fine to me' };
  try {
    await stagehand.call({ method: 'PUT', path: '/v1/rollout/percentage', body }, rolloutSchema);
  } catch (error) {
    if (error instanceof ServerRefusal && error.problem.code === 'rollout.latched')
      return `${error.problem.detail} (${error.problem.status} ${error.problem.code})`;
    throw error;
  }
  throw new AppError('rollout.self_test_failed', 'a raise was taken although the rollout is latched');
}

function rollbackIn(history: readonly AuditEntryView[]): AuditEntryView | undefined {
  return history.find(({ action }) => action === 'rollback');
}

function evidenceText({ by, reason, evidence, before, after }: AuditEntryView): string {
  const shown = ['rule', 'score', 'limit', 'since', 'at', 'scope'].flatMap((name) => {
    const value = evidence[name];
    if (typeof value === 'number') return [`${name} ${Number(value.toPrecision(4))}`];
    return typeof value === 'string' ? [`${name} ${value}`] : [];
  });
  return [
    `revision ${after.revision}: ${before.percentage} % → ${after.percentage} % by ${by}: ${reason}`,
    `evidence: ${shown.join(', ')}; ${Object.keys(evidence).length} facts in all (pointsman history --explain ${after.revision})`,
  ].join('\n');
}
