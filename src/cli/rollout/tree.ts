/** One line and what hangs below it. */
export interface Branch {
  readonly text: string;
  readonly below?: readonly Branch[];
}

/** Lines with the strokes that show what belongs to what. */
export function treeText(branches: readonly Branch[], indent = ''): string {
  return branches
    .map(({ text, below = [] }, at) => {
      const isLast = at === branches.length - 1;
      const line = `${indent}${isLast ? '└─ ' : '├─ '}${text}\n`;
      return line + treeText(below, `${indent}${isLast ? '   ' : '│  '}`);
    })
    .join('');
}

/** Cells of rows, each column as wide as its widest cell. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
