import { plain, type Block, type Cell } from './blocks';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const STYLE = `
:root { color-scheme: light dark; --text: #1c2430; --quiet: #5a6675; --line: #d5dae1; --back: #ffffff; --band: #f4f6f8;
  --good: #1a6b34; --bad: #a3241b; --unsure: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8ee; --quiet: #a3adba; --line: #38414d; --back: #14181e; --band: #1c222a;
    --good: #6fce8d; --bad: #ff8a80; --unsure: #e6b450; }
}
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--back); }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
.table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; min-width: 4.5rem; }
th { color: var(--quiet); font-weight: 600; } tbody tr:nth-child(even) { background: var(--band); }
.verdict { font-size: 1.3rem; font-weight: 700; } li { overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .unsure { color: var(--unsure); }
@media print {
  :root { --text: #000; --quiet: #333; --line: #999; --back: #fff; --band: #fff; --good: #000; --bad: #000; --unsure: #000; }
  body { margin: 0; max-width: none; font-size: 10pt; } table { font-size: 8pt; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } thead { display: table-header-group; } .table { overflow: visible; }
}
`;

/** Nothing may be loaded and nothing may run, whatever got into the page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A document as one page that needs nothing else. What people wrote means nothing in it but itself. */
export function toHtml(blocks: readonly Block[]): string {
  const title = blocks.find(({ kind }) => kind === 'heading');
  const name = title?.kind === 'heading' ? title.text : 'Report';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${blocks.map(render).join('\n')}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function render(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'verdict':
      return `<p class="verdict ${block.tone}">${escapeHtml(block.text)}</p>`;
    case 'list':
      return block.items.length === 0
        ? ''
        : `<ul>\n${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return table(block.head, block.rows);
  }
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const heads = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map(cell).join('')}</tr>`).join('\n');
  return `<div class="table"><table>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`;
}

function cell({ text, tone }: Cell): string {
  return tone === undefined ? `<td>${escapeHtml(text)}</td>` : `<td class="${tone}">${escapeHtml(text)}</td>`;
}
