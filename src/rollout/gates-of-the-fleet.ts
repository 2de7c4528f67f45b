import type { FromReplicas } from '../slo/verdict';
import { closed, failing, OPEN, type Finding, type GateContext } from './gate-report';
import type { Gate } from './ladder';
import { count, percent } from './sentences';

/** Enough shadow deliveries, and enough of them that agree with what legacy did. */
export function checkMirror(
  gate: Extract<Gate, { kind: 'mirror' }>,
  { document, judgement }: GateContext,
): Finding {
  const { mirror } = document.plan;
  const seen = judgement?.mirror;
  // What is no number was not measured.
  const [compared, disagreed] = seen ? [seen.compared, seen.disagreed].map(orNone) : [0, 0];
  if (compared === undefined || disagreed === undefined) return closed('the mirror could not be measured');
  if (compared < gate.compared) {
    const off = mirror.on && mirror.percentage > 0 ? '' : '; the mirror is off';
    const needed = `${count(gate.compared)} comparisons of the mirror needed`;
    return closed(`${needed}, ${count(compared)} made${off}${unheardOf(seen)}`);
  }
  const agree = ((compared - disagreed) / compared) * 100;
  const unheard = unheardOf(seen);
  // Those that are missing might disagree.
  if (agree >= gate.agree && unheard !== '') return closed(`the mirror is known in part only${unheard}`);
  return agree >= gate.agree
    ? OPEN
    : failing(
        `${percent(gate.agree)} of the mirror's comparisons must agree, ${percent(agree)} do: ${count(disagreed)} of ${count(compared)} disagree`,
      );
}

/** Says of what is a lower bound whose part it lacks. */
function unheardOf({ missing = [] }: FromReplicas = {}): string {
  return missing.length === 0 ? '' : `; nothing was heard of ${missing.join(', ')}`;
}

function orNone(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** A device that is silent since it moved is neither good nor bad news, and no request ratio shows it. */
export function checkCoverage(
  gate: Extract<Gate, { kind: 'coverage' }>,
  { judgement }: GateContext,
): Finding {
  const coverage = judgement?.coverage;
  if (coverage === undefined) return closed('nobody knows how many devices of the cohort have spoken');
  const { devices, spoken } = coverage;
  if (!(devices > 0)) return closed('the cohort has no device yet');
  const share = (spoken / devices) * 100;
  const unheard = unheardOf(coverage);
  return share >= gate.spoken && unheard === ''
    ? OPEN
    : closed(
        `${percent(gate.spoken)} of the cohort must have spoken since it moved, ${percent(share)} has: ${count(spoken)} of ${count(devices)} devices${unheard}`,
      );
}
