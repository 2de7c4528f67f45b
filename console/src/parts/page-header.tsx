import type { MeView } from '../../../src/api/schemas/overview';
import type { Connection } from '../model/connection';
import { clockText, fromNowText } from '../model/texts';

interface PageHeaderProps {
  readonly me: MeView;
  readonly connection: Connection;
  readonly nowMs: number;
  readonly onLeave: (() => void) | undefined;
}

export function PageHeader({ me, connection, nowMs, onLeave }: PageHeaderProps) {
  return (
    <header class="page-header">
      <h1>Pointsman</h1>
      <span class="tag">{me.environment}</span>
      <ConnectionState connection={connection} nowMs={nowMs} />
      <span class="who">
        {me.name} <span class="tag">{me.role}</span>
      </span>
      {onLeave && (
        <button type="button" onClick={() => onLeave()}>
          Sign out
        </button>
      )}
    </header>
  );
}

function ConnectionState({ connection, nowMs }: Pick<PageHeaderProps, 'connection' | 'nowMs'>) {
  switch (connection.kind) {
    case 'connecting':
      return <span class="connection">◌ connecting</span>;
    case 'live':
      return <span class="connection live">● live</span>;
    case 'stale':
      return (
        <span class="connection stale">
          ▲ stale since {clockText(connection.sinceMs)} ({fromNowText(connection.sinceMs, nowMs)}):{' '}
          {connection.why}; trying again
        </span>
      );
  }
}
