import type { Board } from './board';

/** What Grafana puts in the place of its own variables when nobody zooms. */
const GRAFANA: Readonly<Record<string, string>> = {
  $__rate_interval: '1m',
  $__interval: '1m',
  $__range: '6h',
  $transport: '.+',
  $slo: '.+',
};

/** Every expression of a dashboard as it is sent when all is chosen. */
export function expressionsOf(board: Board): string[] {
  return board.rows.flatMap(({ panels }) =>
    panels.flatMap(({ queries }) => queries.map(({ expr }) => asSent(expr))),
  );
}

export function asSent(expr: string): string {
  return expr.replace(/\$\w+/g, (name) => GRAFANA[name] ?? name);
}
