import type { Board } from './board';
import { CHOSEN, perSecond, share, successShare, total } from './expressions';
import { badUpTo, GOOD_FROM_999, lines } from './panels';

const TRANSMISSIONS = perSecond('transmissions', ['transport'], CHOSEN);

/** Does it arrive: outcomes, loss, repeats, links. */
export const RELIABILITY: Board = {
  uid: 'pointsman-reliability',
  title: 'Pointsman: reliability',
  description: 'Whether commands arrive, how often they must be repeated, and whether links hold',
  from: 'now-6h',
  tags: [],
  transportVariable: true,
  rows: [
    {
      title: 'Commands',
      panels: [
        lines(
          'Applied, of what was transmitted',
          'The success that the objective is about, as the observer saw it on the link. Its target is 99.9 %.',
          { '{{transport}}': successShare(CHOSEN) },
          { ...GOOD_FROM_999, decimals: 3 },
        ),
        lines('Commands per second', 'Commands that ended, whatever came of them.', {
          '{{transport}}': perSecond('commands', ['transport'], CHOSEN),
        }),
        lines(
          'How commands end, other than applied',
          'queue_full and expired never left their lane; not_connected and cancelled say nothing about a transport.',
          {
            '{{transport}} {{outcome}}': perSecond('commands', ['transport', 'outcome'], {
              ...CHOSEN,
              outcome: '!="applied"',
            }),
          },
          { width: 24, stacked: true, runbook: 'slo#pointsmancommandsuccessburn' },
        ),
      ],
    },
    {
      title: 'Transmissions',
      panels: [
        lines(
          'Transmissions without a receipt',
          'The packet loss that the objective is about: no receipt before the deadline of the command. Its target leaves 1 %.',
          {
            '{{transport}}': share(
              perSecond('transmissionsUnanswered', ['transport'], CHOSEN),
              TRANSMISSIONS,
            ),
          },
          { ...badUpTo(0.01), runbook: 'slo#pointsmanpacketlossburn' },
        ),
        lines(
          'Transmissions that are repeats',
          'Share of transmissions that repeat an earlier one. Legacy never repeats. Denied: the budget over all devices was spent.',
          {
            '{{transport}}': share(perSecond('retransmissions', ['transport'], CHOSEN), TRANSMISSIONS),
            '{{transport}} denied': share(perSecond('retriesDenied', ['transport'], CHOSEN), TRANSMISSIONS),
          },
          { unit: 'percentunit' },
        ),
        lines(
          'Needless repeats, and waits that were too long',
          'Repeats whose first transmission was answered after all, and waits longer than the adaptive timer.',
          {
            '{{transport}} needless': perSecond('earlyRetransmissions', ['transport'], CHOSEN),
            '{{transport}} {{ack_type}} late': perSecond('answerTimeouts', ['transport', 'ack_type'], CHOSEN),
          },
        ),
        lines(
          'Duplicates dropped, answers that nobody waits for',
          'Packets that came again, and receipts or replies without a command.',
          {
            '{{transport}} duplicates': perSecond('duplicatesDropped', ['transport'], CHOSEN),
            '{{ack_type}} {{outcome}}': perSecond('answers', ['ack_type', 'outcome'], {
              outcome: '!="matched"',
            }),
          },
        ),
      ],
    },
    {
      title: 'Links',
      panels: [
        lines(
          'Devices connected',
          'Devices whose link takes commands, over all processes, and connections that are open.',
          { devices: total('connectedDevices'), connections: total('connections') },
          { unit: 'short', width: 8, runbook: 'control-plane#pointsmandevicesgone' },
        ),
        lines(
          'Handshakes',
          'Devices that said who they are. Refused: another credential than the one that is remembered.',
          {
            '{{outcome}}': perSecond('handshakes', ['outcome']),
            'sent away: {{reason}}': perSecond('connectionsRefused', ['reason']),
          },
          { width: 8 },
        ),
        lines(
          'Why links end',
          'Connections that ended, by reason.',
          { '{{reason}}': perSecond('connectionsEnded', ['reason']) },
          { width: 8 },
        ),
      ],
    },
  ],
};
