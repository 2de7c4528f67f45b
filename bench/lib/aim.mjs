/** @param {string} text @param {{ median: number, unit: string }} figure @param {number} limit */
export const atMost = (text, { median, unit }, limit) => ({
  text,
  limit: `≤ ${limit} ${unit}`,
  value: median,
  unit,
  met: median <= limit,
});

/** @param {string} text @param {{ median: number, unit: string }} figure @param {number} limit */
export const atLeast = (text, { median, unit }, limit) => ({
  text,
  limit: `≥ ${limit} ${unit}`,
  value: median,
  unit,
  met: median >= limit,
});
