import type { GateView, RolloutView } from '../../api/schemas/rollout';
import { safeguardBranches } from './render-safeguards';
import { momentText, relativeText } from './times';
import { aligned, treeText, type Branch } from './tree';

/** What stands in the way of every raise, and the command that lifts it. */
const LIFTED_BY = {
  latch: 'pointsman release --reason "…"',
  freeze: 'pointsman unfreeze --reason "…"',
} as const;

/** What that means for whoever wants to steer. */
const WITHOUT_STORE = {
  redis:
    'nothing is raised; a rollback takes effect on the replica that is asked: ask each of them, with --url',
  file: 'nothing is raised; a rollback takes effect, and is lost with a restart until it is stored',
} as const;

const MARKS = { done: '✓', current: '▶', ahead: '·' } as const;
const GATE_MARKS = { open: '✓', closed: '…', failing: '✗' } as const;

/** The whole rollout as a tree. */
export function renderStatus(view: RolloutView, nowMs: number): string {
  const { plan } = view;
  const head = `rollout at ${plan.percentage} %, ${effectiveText(view)}; generation ${plan.generation}, revision ${plan.revision}\n`;
  return (
    head +
    treeText([
      ...obstacles(view, nowMs),
      { text: `automation  ${automationText(view, nowMs)}` },
      ...(latchedByPlan(view)
        ? []
        : [{ text: `set by      ${plan.setBy}, ${momentText(plan.setAt, nowMs)}: ${plan.reason}` }]),
      { text: `traffic     ${trafficText(view)}` },
      { text: `ladder      ${stageText(view, nowMs)}`, below: ladderBranches(view, nowMs) },
      ...safeguardBranches(view, nowMs),
      { text: `replicas    ${replicasText(view)}`, below: replicaBranches(view) },
      ...(view.store.healthy ? [{ text: `store       ${storeText(view)}` }] : []),
    ])
  );
}

/** What came of a change, in few lines. */
export function renderChanged(view: RolloutView): string {
  const { plan, automation, freeze, stage, unchanged } = view;
  const lines = [
    unchanged === undefined ? undefined : `unchanged: ${unchanged}`,
    `${plan.percentage} %, holdback ${plan.holdback} %; automation ${automation.kind}; stage ${stage.name} (${stage.index} of ${stage.of}); generation ${plan.generation}, revision ${plan.revision}`,
    automation.kind === 'latched' ? `latched; to lift it: ${LIFTED_BY.latch}` : undefined,
    freeze ? `frozen; to lift it: ${LIFTED_BY.freeze}` : undefined,
    view.store.healthy ? undefined : `store: ${storeText(view)}`,
  ];
  return lines.filter((line) => line !== undefined).join('\n') + '\n';
}

/** One line, for a log. */
export function renderLine(view: RolloutView): string {
  const { plan, automation, freeze, stage, gates } = view;
  const lacking = gates.filter(({ state }) => state !== 'open').length;
  return [
    `r${plan.revision} g${plan.generation}`,
    `${plan.percentage} % (${effectiveText(view)})`,
    `${automation.kind}${freeze ? ', frozen' : ''}`,
    `${stage.name}, ${lacking === 0 ? 'no gate closed' : `${lacking} of ${gates.length} gates not open`}`,
    ...(view.store.healthy ? [] : [`store ${storeText(view)}`]),
    ...(view.alerting.mutes.state === 'muted' ? ['ROLLBACK ALERTS MUTED'] : []),
    ...(view.alerting.watchdog.state === 'silent' ? ['ALERTS SILENT'] : []),
  ].join(' | ');
}

/** Then who and why stands above already. */
function latchedByPlan({ automation, plan }: RolloutView): boolean {
  return automation.kind === 'latched' && automation.since === plan.setAt && automation.by === plan.setBy;
}

function obstacles(view: RolloutView, nowMs: number): Branch[] {
  const { automation, freeze, plan, store } = view;
  const evidence = `evidence: pointsman history --explain ${plan.revision}`;
  const latch: Branch[] =
    automation.kind === 'latched'
      ? [
          {
            text: `LATCHED     ${stampText(automation, nowMs)}`,
            below: [
              ...(latchedByPlan(view) ? [{ text: evidence }] : []),
              { text: `nothing is raised until: ${LIFTED_BY.latch}` },
            ],
          },
        ]
      : [];
  const frozen: Branch[] = freeze
    ? [
        {
          text: `FROZEN      ${stampText(freeze, nowMs)}`,
          below: [{ text: `nothing is raised until: ${LIFTED_BY.freeze}` }],
        },
      ]
    : [];
  const away: Branch[] = store.healthy
    ? []
    : [{ text: `STORE       ${storeText(view)}`, below: [{ text: WITHOUT_STORE[store.kind] }] }];
  return [...away, ...latch, ...frozen];
}

function stampText(
  { by, since, reason }: Partial<Record<'by' | 'since' | 'reason', string | undefined>>,
  nowMs: number,
): string {
  return `by ${by ?? '-'}, ${since === undefined ? '-' : momentText(since, nowMs)}: ${reason ?? '-'}`;
}

function automationText({ automation }: RolloutView, nowMs: number): string {
  switch (automation.kind) {
    case 'manual':
      return 'manual: people raise, the machine only rolls back';
    case 'armed':
      return 'armed: the machine climbs as gates allow';
    case 'paused':
      return `paused ${stampText(automation, nowMs)}`;
    case 'latched':
      return 'latched';
  }
}

function effectiveText({ effectivePercentage }: RolloutView): string {
  return effectivePercentage === null
    ? 'no traffic in the last minute'
    : `effective ${effectivePercentage.toFixed(1)} %`;
}

function trafficText({ plan, coverage }: RolloutView): string {
  const pins = Object.values(plan.pins);
  const toNew = pins.filter((pin) => pin === 'new').length;
  return [
    `${plan.percentage} % new`,
    `${plan.holdback} % held back on legacy`,
    plan.mirror.on ? `mirror ${plan.mirror.percentage} %` : 'mirror off',
    ...(pins.length > 0 ? [`${pins.length} pins (${toNew} to new)`] : []),
    ...(coverage.devices > 0
      ? [`${coverage.spoken} of ${coverage.devices} moved devices have spoken since`]
      : []),
  ].join(', ');
}

function stageText({ stage }: RolloutView, nowMs: number): string {
  const next = stage.next === null ? 'the end of the ladder' : `next ${stage.next}`;
  const reset = stage.clockReset
    ? `; its clock began again ${momentText(stage.clockReset.at, nowMs)}: ${stage.clockReset.why}`
    : '';
  return `${stage.index} of ${stage.of}, ${stage.name} since ${momentText(stage.enteredAt, nowMs)}, ${next}${reset}`;
}

function ladderBranches({ ladder, gates, stage }: RolloutView, nowMs: number): Branch[] {
  const approvals = stage.approvals.map(({ by, role, at, reason }) => ({
    text: `approved by ${by} (${role}), ${momentText(at, nowMs)}: ${reason}`,
  }));
  const rungs = aligned(
    ladder.map(({ name, percentage, state }) => [`${MARKS[state]} ${name}`, `${percentage} %`, state]),
  );
  return ladder.map(({ state }, at) => ({
    text: rungs[at] as string,
    ...(state === 'current' ? { below: [...gateBranches(gates, nowMs), ...approvals] } : {}),
  }));
}

function gateBranches(gates: readonly GateView[], nowMs: number): Branch[] {
  const lacking = gates.map(({ lacks }) => lacks?.split('; ') ?? []);
  const lines = aligned(
    gates.map(({ name, state, readyAt }, at) => [
      `${GATE_MARKS[state]} ${name}`,
      state,
      readyAt === null ? '' : relativeText(readyAt, nowMs),
      // Of several a line each: together they would run out of the screen.
      lacking[at]?.length === 1 ? String(lacking[at]) : '',
    ]),
  );
  return lines.map((text, at) => {
    const several = lacking[at] ?? [];
    return several.length > 1 ? { text, below: several.map((one) => ({ text: one })) } : { text };
  });
}

function replicaBranches({ replicas }: RolloutView): Branch[] {
  const lines = aligned(
    replicas.map(({ replica, generation, revision, percentage, devices, ageMs, self, differs }) => [
      replica,
      `g${generation} r${revision} at ${percentage} %`,
      `${devices} devices`,
      self ? 'answers this' : `heard ${Math.round(ageMs / 1000)} s ago`,
      differs ? 'FOLLOWS ANOTHER PLAN' : '',
    ]),
  );
  return lines.map((text) => ({ text }));
}

function replicasText({ replicas, store }: RolloutView): string {
  return store.kind === 'redis' && !store.healthy
    ? 'others are heard of through the store alone'
    : `${replicas.length}`;
}

function storeText({ store }: RolloutView): string {
  const waiting = store.unstored === 0 ? '' : `, ${store.unstored} changes in effect are not stored yet`;
  const health = store.healthy ? 'healthy' : `NOT HEALTHY: ${store.detail ?? 'no reason given'}`;
  return `${store.kind}, ${health}${waiting}`;
}
