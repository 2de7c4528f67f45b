import { number, spread } from './format.mjs';

/** The figures and ratios of one benchmark, a column for each Node that it was run under. */
export function figureRows({ results }) {
  const [first, ...others] = results;
  return [...first.figures, ...first.ratios].map(({ name, unit }) => [
    name,
    unit,
    ...[first, ...others].map((result) => spread(find(result, name))),
  ]);
}

/** One row per aim and Node. */
export function aimRows({ results }) {
  return results.flatMap(({ node, aims }) =>
    aims.map(({ text, limit, value, unit, met }) => [
      text,
      `Node ${node}`,
      limit,
      `${number(value)} ${unit}`,
      met ? 'met' : 'MISSED',
    ]),
  );
}

function find({ figures, ratios }, name) {
  return [...figures, ...ratios].find((row) => row.name === name);
}
