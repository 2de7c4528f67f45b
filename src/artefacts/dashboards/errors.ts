import type { Objective } from '../../slo/objectives';
import type { Board, Row } from './board';
import { CHOSEN, perSecond, share } from './expressions';
import { lines } from './panels';
import { badShare, counterpartOf, promised } from './promise';

const UNREADABLE = perSecond('decodeErrors', ['transport'], CHOSEN);
const MALFORMED = perSecond('decodeErrors', ['transport'], { ...CHOSEN, reason: 'malformed_packet' });
const RECEIVED = perSecond('packetsReceived', ['transport'], CHOSEN);

/** What cannot be read, and what goes wrong before there is a command. */
export function errors(objectives: readonly Objective[]): Board {
  return {
    uid: 'pointsman-errors',
    title: 'Pointsman: errors',
    description: 'Packets that cannot be read, handshakes that fail, bytes that belong to nothing',
    from: 'now-6h',
    tags: [],
    transportVariable: true,
    rows: [reading(counterpartOf('decode-errors', objectives)), CONNECTING],
  };
}

function reading(decoding: Objective | undefined): Row {
  return {
    title: 'Reading',
    panels: [
      lines(
        'Packets that cannot be read',
        `The body or the inner frame does not parse.${promised(decoding)}`,
        { '{{transport}}': share(UNREADABLE, `${RECEIVED} + ${MALFORMED}`) },
        { ...badShare(decoding), decimals: 3, runbook: 'slo#pointsmandecodeerrorsburn' },
      ),
      lines(
        'Unreadable packets, by reason',
        'The body or the frame inside it does not parse. The log has the bytes at level debug.',
        { '{{transport}} {{reason}}': perSecond('decodeErrors', ['transport', 'reason'], CHOSEN) },
      ),
      lines(
        'Bytes that belong to no packet',
        'out_of_step: the reader looked for the next packet; oversize: longer than the limit; tls: TLS on the plain port.',
        { '{{reason}}': perSecond('framingErrors', ['reason']) },
      ),
      lines('Checksums that do not fit', 'None of these frames is dropped: real devices send some.', {
        '{{transport}}': perSecond('checksumMismatches', ['transport'], CHOSEN),
      }),
    ],
  };
}

const CONNECTING: Row = {
  title: 'Connecting',
  panels: [
    lines(
      'Handshakes of TLS that failed, announces without an answer',
      'Failed or took too long; devices that took no notice of the announce.',
      { TLS: perSecond('tlsHandshakeErrors'), announce: perSecond('announcesUnanswered') },
    ),
    lines(
      'Sent away or not believed',
      'Connections over a limit, and devices with another credential than before.',
      {
        '{{reason}}': perSecond('connectionsRefused', ['reason']),
        'credential {{outcome}}': perSecond('handshakes', ['outcome'], { outcome: 'refused' }),
      },
    ),
  ],
};
