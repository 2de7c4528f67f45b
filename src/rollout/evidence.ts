import type { Evidence } from '../slo/verdict';

/** Longest evidence of one audit entry, in characters of its JSON. What is longer keeps its beginning and says so. */
const EVIDENCE_LIMIT = 16_384;

/** Evidence as it is stored: whole, unless it is out of all proportion. */
export function bounded(evidence: Evidence): Evidence {
  const text = JSON.stringify(evidence);
  if (text.length <= EVIDENCE_LIMIT) return evidence;
  return {
    truncated: true,
    characters: text.length,
    limit: EVIDENCE_LIMIT,
    beginning: text.slice(0, EVIDENCE_LIMIT),
  };
}
