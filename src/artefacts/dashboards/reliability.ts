import type { Objective } from '../../slo/objectives';
import type { Board, Row } from './board';
import { CHOSEN, perSecond, share, successShare, total } from './expressions';
import { lines } from './panels';
import { badShare, counterpartOf, goodShare, promised } from './promise';

const TRANSMISSIONS = perSecond('transmissions', ['transport'], CHOSEN);

const BURN = 'slo#pointsmancommandsuccessburn';

/** Does it arrive: outcomes, loss, repeats, links. */
export function reliability(objectives: readonly Objective[]): Board {
  return {
    uid: 'pointsman-reliability',
    title: 'Pointsman: reliability',
    description: 'Whether commands arrive, how often they must be repeated, and whether links hold',
    from: 'now-6h',
    tags: [],
    transportVariable: true,
    rows: [
      commands(counterpartOf('command-success', objectives)),
      transmissions(counterpartOf('packet-loss', objectives)),
      LINKS,
    ],
  };
}

function commands(success: Objective | undefined): Row {
  return {
    title: 'Commands',
    panels: [
      lines(
        'Applied, of what was transmitted',
        `As the observer saw it on the link.${promised(success)}`,
        { '{{transport}}': successShare(CHOSEN) },
        { ...goodShare(success), decimals: 3, runbook: BURN },
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
        { width: 24, stacked: true, runbook: BURN },
      ),
    ],
  };
}

function transmissions(receipts: Objective | undefined): Row {
  return {
    title: 'Transmissions',
    panels: [
      lines(
        'Transmissions without a receipt',
        `No receipt before the deadline of the command.${promised(receipts)}`,
        {
          '{{transport}}': share(perSecond('transmissionsUnanswered', ['transport'], CHOSEN), TRANSMISSIONS),
        },
        { ...badShare(receipts), runbook: 'slo#pointsmanpacketlossburn' },
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
  };
}

const LINKS: Row = {
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
};
