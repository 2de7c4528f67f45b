/** A number with the digits that mean something: three, or all of the whole ones. @param {number} value */
export function number(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size)));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(digits, 3) });
}

/** `42.1 (41.9..55.4)`. @param {{ median: number, min: number, max: number }} spread */
export function spread({ median, min, max }) {
  return `${number(median)} (${number(min)}..${number(max)})`;
}

/** Columns side by side for a terminal. @param {readonly (readonly string[])[]} rows */
export function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
