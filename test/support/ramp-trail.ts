import type { AuditAction, AuditEntry } from '../../src/rollout/document';

/** Entries that open another generation. */
const OPENERS: ReadonlySet<AuditAction> = new Set(['rollback', 'release']);
const PROGRAM = 'pointsman';

/** What an audit trail, oldest entry first, says against the promises of the control plane; empty when nothing. */
export function breachesOf(trail: readonly AuditEntry[]): string[] {
  const breaches: string[] = [];
  let frozen = false;
  let before: AuditEntry | undefined;
  for (const entry of trail) {
    const found = [...bookFaults(entry, before), ...moveFaults(entry, frozen)];
    breaches.push(...found.map((fault) => `revision ${entry.after.revision}, ${entry.action}: ${fault}`));
    if (entry.action === 'freeze') frozen = true;
    if (entry.action === 'unfreeze') frozen = false;
    before = entry;
  }
  return breaches;
}

/** One entry for each step, each with who, why and when, and the generation only goes up. */
function bookFaults({ action, at, by, reason, before, after }: AuditEntry, last?: AuditEntry): string[] {
  const faults: string[] = [];
  if (by === '' || reason === '') faults.push('nobody, or no reason');
  const [revisions, generations] = action === 'dropped' ? [0, 0] : [1, OPENERS.has(action) ? 1 : 0];
  if (action !== 'seed' && after.revision !== before.revision + revisions)
    faults.push(`follows revision ${before.revision}`);
  if (action !== 'seed' && after.generation !== before.generation + generations)
    faults.push(`generation ${before.generation} → ${after.generation}`);
  if (!last) return faults;
  if (JSON.stringify(before) !== JSON.stringify(last.after))
    faults.push('does not begin where the one before ended');
  if (at < last.at) faults.push(`is of ${at}, before ${last.at}`);
  return faults;
}

/** Nothing goes up while it is latched or frozen, and the program raises only what is armed. */
function moveFaults(entry: AuditEntry, frozen: boolean): string[] {
  const { action, before, after } = entry;
  const faults = isRaise(entry) ? raiseFaults(entry, frozen) : [];
  if (before.automation === 'latched' && after.automation !== 'latched' && action !== 'release')
    faults.push('the latch was opened without a release');
  if (action === 'rollback' && after.automation !== 'latched') faults.push('a rollback that does not latch');
  return faults;
}

function raiseFaults({ by, before }: AuditEntry, frozen: boolean): string[] {
  const faults: string[] = [];
  if (frozen) faults.push('a raise while frozen');
  if (before.automation === 'latched') faults.push('a raise while latched');
  if (by === PROGRAM && before.automation !== 'armed')
    faults.push(`a raise by the program while ${before.automation}`);
  return faults;
}

function isRaise({ before, after }: AuditEntry): boolean {
  return after.percentage > before.percentage || after.holdback < before.holdback;
}
