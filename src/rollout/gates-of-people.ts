import { closed, OPEN, type Finding, type GateContext } from './gate-report';
import type { Gate } from './ladder';
import { duration, moment } from './sentences';

/** Each person counts once. */
export function checkApproval(gate: Extract<Gate, { kind: 'approval' }>, { document }: GateContext): Finding {
  const given = document.position.approvals.filter(({ role }) => role === gate.role);
  const people = new Set(given.map(({ by }) => by));
  if (people.size >= gate.count) return OPEN;
  const who = people.size === 0 ? '' : ` (${[...people].join(', ')})`;
  return closed(
    `${gate.count} ${gate.count === 1 ? 'approval' : 'approvals'} by the role ${gate.role} needed, ${people.size} given${who}: pointsman approve --reason "…"`,
  );
}

/** A way back that nobody has walked for long may be blocked. */
export function checkDrill(
  gate: Extract<Gate, { kind: 'drill' }>,
  { document, nowMs }: GateContext,
): Finding {
  const { lastDrill } = document.position;
  const within = duration(gate.withinMs);
  if (lastDrill === null) return closed(`a rollback drill in the last ${within} needed, none was held`);
  const at = Date.parse(lastDrill.at);
  return nowMs - at <= gate.withinMs
    ? OPEN
    : closed(`a rollback drill in the last ${within} needed, the last was on ${moment(at, nowMs)}`);
}
