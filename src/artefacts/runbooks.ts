/** Where people find the runbooks; an installation that keeps them elsewhere says so when it generates. */
export const DEFAULT_RUNBOOK_BASE = 'https://pointsman.example/docs/runbooks';

/** The address of `page#anchor`, or of a whole page. */
export function runbookUrl(base: string, runbook: string): string {
  const [page = '', anchor] = runbook.split('#');
  return `${base}/${page}.md${anchor === undefined ? '' : `#${anchor}`}`;
}
