import { nameOf } from '../alerts/promql';
import type { Board, Panel } from './board';
import { CHOSEN, perSecond, RATE, share } from './expressions';

/** What cannot be read, and what goes wrong before there is a command. */
export const ERRORS: Board = {
  uid: 'pointsman-errors',
  title: 'Pointsman: errors',
  description: 'Packets that cannot be read, handshakes that fail, bytes that belong to nothing',
  from: 'now-6h',
  tags: [],
  transportVariable: true,
  rows: [
    { title: 'Reading', panels: [decodeShare(), decodeErrors(), framing(), checksums()] },
    { title: 'Connecting', panels: [tls(), refused()] },
  ],
};

function decodeShare(): Panel {
  const unreadable = perSecond('decodeErrors', ['transport'], CHOSEN);
  const malformed = perSecond('decodeErrors', ['transport'], { ...CHOSEN, reason: 'malformed_packet' });
  return {
    kind: 'lines',
    title: 'Packets that cannot be read',
    description: 'The share that the objective about decoding counts as bad. Its target leaves 0.1 %.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(unreadable, `${perSecond('packetsReceived', ['transport'], CHOSEN)} + ${malformed}`),
        legend: '{{transport}}',
      },
    ],
    width: 12,
    height: 8,
    decimals: 3,
    steps: [
      { from: null, color: 'green' },
      { from: 0.001, color: 'red' },
    ],
    limits: true,
    floor: true,
    runbook: 'slo#pointsmandecodeerrorsburn',
  };
}

function decodeErrors(): Panel {
  return lines(
    'Unreadable packets, by reason',
    'The body or the frame inside it does not parse. The log has the bytes at level debug.',
    [
      {
        expr: perSecond('decodeErrors', ['transport', 'reason'], CHOSEN),
        legend: '{{transport}} {{reason}}',
      },
    ],
  );
}

function framing(): Panel {
  return lines(
    'Bytes that belong to no packet',
    'out_of_step: the reader looked for the next packet; oversize: longer than the limit; tls: TLS on the plain port.',
    [{ expr: perSecond('framingErrors', ['reason']), legend: '{{reason}}' }],
  );
}

function checksums(): Panel {
  return lines('Checksums that do not fit', 'None of these frames is dropped: real devices send some.', [
    { expr: perSecond('checksumMismatches', ['transport'], CHOSEN), legend: '{{transport}}' },
  ]);
}

function tls(): Panel {
  return lines(
    'Handshakes of TLS that failed, announces without an answer',
    'Failed or took too long; devices that took no notice of the announce.',
    [
      { expr: `sum(rate(${nameOf('tlsHandshakeErrors')}[${RATE}]))`, legend: 'TLS' },
      { expr: `sum(rate(${nameOf('announcesUnanswered')}[${RATE}]))`, legend: 'announce' },
    ],
  );
}

function refused(): Panel {
  return lines(
    'Sent away or not believed',
    'Connections over a limit, and devices with another credential than before.',
    [
      { expr: perSecond('connectionsRefused', ['reason']), legend: '{{reason}}' },
      {
        expr: perSecond('handshakes', ['outcome'], { outcome: 'refused' }),
        legend: 'credential {{outcome}}',
      },
    ],
  );
}

function lines(title: string, description: string, queries: Panel['queries']): Panel {
  return { kind: 'lines', title, description, unit: 'cps', queries, width: 12, height: 8, floor: true };
}
