import { DEFAULT_OBJECTIVES, type Objective } from '../../slo/objectives';
import { durationText } from '../../slo/duration';
import { RULE_INTERVAL_MS } from '../../slo/recorded';
import { yamlFile, type Artefact } from '../artefact';
import { controlPlaneAlerts } from './control-plane-alerts';
import { dataPathAlerts } from './data-path-alerts';
import { fastRollbackGroup } from './fast-rollback';
import { durationOf } from './promql';
import { writtenRule, type RuleFile, type RuleGroup } from './rule';
import { safetyAlerts } from './safety-alerts';
import { objectiveAlerts } from './slo-alerts';
import { recordingRules } from './slo-recording';
import { storeAlerts } from './store-alerts';

/** Every rule file. */
export function ruleFiles(objectives: readonly Objective[] = DEFAULT_OBJECTIVES): RuleFile[] {
  return [
    ...objectives.map((objective) => ({
      file: objectiveFile(objective),
      about: [
        `${objective.title}: ${objective.targetPercent} % over ${durationText(objective.windowMs)}.`,
        'Records first and judges after, so both happen in one tick.',
      ],
      groups: [objectiveGroup(objective)],
    })),
    {
      file: 'rollback.rules.yaml',
      about: ['The fast way back: a group of its own, every five seconds.'],
      groups: [fastRollbackGroup()],
    },
    {
      file: 'pointsman.rules.yaml',
      about: [
        'Whether Pointsman itself is well: processes, evaluator, guard, alert path, lanes, dark launch, store.',
      ],
      groups: [
        { name: 'control-plane', interval: SLOW, rules: controlPlaneAlerts() },
        { name: 'safety', interval: SLOW, rules: safetyAlerts() },
        { name: 'data-path', interval: SLOW, rules: dataPathAlerts() },
        { name: 'store', interval: SLOW, rules: storeAlerts() },
      ],
    },
  ];
}

const SLOW = durationOf(RULE_INTERVAL_MS / 1000);

export function ruleArtefacts(files: readonly RuleFile[], runbookBase: string): Artefact[] {
  return files.map(({ file, about, groups }) =>
    yamlFile(`alerts/${file}`, about, {
      groups: groups.map((group) => ({
        ...group,
        rules: group.rules.map((rule) => writtenRule(rule, runbookBase)),
      })),
    }),
  );
}

/** A file of its own, so that an installation can leave one objective out. */
export function objectiveFile({ name }: Objective): string {
  return `slo-${name}.rules.yaml`;
}

function objectiveGroup(objective: Objective): RuleGroup {
  return {
    name: `slo-${objective.name}`,
    interval: SLOW,
    rules: [...recordingRules(objective), ...objectiveAlerts(objective)],
  };
}
