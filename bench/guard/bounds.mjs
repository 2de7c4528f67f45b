// The least mean delay that any rule with one false alarm in 100 days of looks can have (Lorden 1971, first order).
const LOOKS = 100 * 86_400;

const kl = (p, q) => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));

/**
 * `known`: of a rule that knows the base rate and may blame new for a shared outage. `blameless`: of one that may not.
 * @param {{ n1: number, n0: number, p0: number, ratio: number }} fault commands per second on new and legacy
 */
export function bounds({ n1, n0, p0, ratio }) {
  const p1 = Math.min(p0 * ratio, 1 - 1e-9);
  const pooled = (n1 * p1 + n0 * p0) / (n1 + n0);
  const known = n1 * kl(p1, p0);
  const blameless = n1 * kl(p1, pooled) + n0 * kl(p0, pooled);
  return { known: Math.log(LOOKS) / known, blameless: Math.log(LOOKS) / blameless };
}
