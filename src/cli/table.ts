/** Rows by name, as lines with aligned columns; a value that is not known is a dash. */
export function tableText(heading: string, rows: Readonly<Record<string, Readonly<object>>>): string {
  const names = Object.keys(rows);
  const columns = Object.keys(Object.values(rows)[0] ?? {});
  const lines = [
    [heading, ...columns],
    ...names.map((name) => [name, ...columns.map((column) => cell(rows[name], column))]),
  ];
  const widths = [heading, ...columns].map((_, at) =>
    Math.max(...lines.map((line) => line[at]?.length ?? 0)),
  );
  return lines
    .map((line) => line.map((text, at) => pad(text, widths[at] ?? 0, at)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function cell(row: Readonly<object> | undefined, column: string): string {
  const value = (row as Readonly<Record<string, number | null>> | undefined)?.[column];
  return value === null || value === undefined ? '-' : String(value);
}

/** Names on the left, numbers on the right. */
function pad(text: string, width: number, at: number): string {
  return at === 0 ? text.padEnd(width) : text.padStart(width);
}
