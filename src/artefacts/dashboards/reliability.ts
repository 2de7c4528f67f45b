import { anyOf } from '../alerts/promql';
import type { Board, Panel } from './board';
import { CHOSEN, perSecond, share, total, TRANSMITTED } from './expressions';
import { COMMANDS_PER_SECOND } from './latency';

const TRANSMITTED_ONLY = { ...CHOSEN, outcome: anyOf(TRANSMITTED) };

/** Does it arrive: outcomes, loss, repeats, links. */
export const RELIABILITY: Board = {
  uid: 'pointsman-reliability',
  title: 'Pointsman: reliability',
  description: 'Whether commands arrive, how often they must be repeated, and whether links hold',
  from: 'now-6h',
  tags: [],
  transportVariable: true,
  rows: [
    { title: 'Commands', panels: [success(), COMMANDS_PER_SECOND, outcomes()] },
    { title: 'Transmissions', panels: [loss(), repeats(), needless(), duplicates()] },
    { title: 'Links', panels: [devices(), handshakes(), ends()] },
  ],
};

function success(): Panel {
  return {
    kind: 'lines',
    title: 'Applied, of what was transmitted',
    description:
      'The success that the objective is about, as the observer saw it on the link. Its target is 99.9 %.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(
          perSecond('commands', ['transport'], { ...CHOSEN, outcome: 'applied' }),
          perSecond('commands', ['transport'], TRANSMITTED_ONLY),
        ),
        legend: '{{transport}}',
      },
    ],
    width: 12,
    height: 8,
    decimals: 3,
    steps: [
      { from: null, color: 'red' },
      { from: 0.995, color: 'yellow' },
      { from: 0.999, color: 'green' },
    ],
    limits: true,
    runbook: 'slo#pointsmancommandsuccessburn',
  };
}

function outcomes(): Panel {
  return {
    kind: 'lines',
    title: 'How commands end, other than applied',
    description:
      'queue_full and expired never left their lane; not_connected and cancelled say nothing about a transport.',
    unit: 'cps',
    queries: [
      {
        expr: perSecond('commands', ['transport', 'outcome'], { ...CHOSEN, outcome: '!="applied"' }),
        legend: '{{transport}} {{outcome}}',
      },
    ],
    width: 24,
    height: 8,
    floor: true,
    stacked: true,
    runbook: 'slo#pointsmancommandsuccessburn',
  };
}

function loss(): Panel {
  return {
    kind: 'lines',
    title: 'Transmissions without a receipt',
    description:
      'The packet loss that the objective is about: no receipt before the deadline of the command. Its target leaves 1 %.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(
          perSecond('transmissionsUnanswered', ['transport'], CHOSEN),
          perSecond('transmissions', ['transport'], CHOSEN),
        ),
        legend: '{{transport}}',
      },
    ],
    width: 12,
    height: 8,
    steps: [
      { from: null, color: 'green' },
      { from: 0.01, color: 'red' },
    ],
    limits: true,
    floor: true,
    runbook: 'slo#pointsmanpacketlossburn',
  };
}

function repeats(): Panel {
  return {
    kind: 'lines',
    title: 'Transmissions that are repeats',
    description:
      'Share of transmissions that repeat an earlier one. Legacy never repeats. Denied: the budget over all devices was spent.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(
          perSecond('retransmissions', ['transport'], CHOSEN),
          perSecond('transmissions', ['transport'], CHOSEN),
        ),
        legend: '{{transport}}',
      },
      {
        expr: share(
          perSecond('retriesDenied', ['transport'], CHOSEN),
          perSecond('transmissions', ['transport'], CHOSEN),
        ),
        legend: '{{transport}} denied',
      },
    ],
    width: 12,
    height: 8,
    floor: true,
  };
}

function needless(): Panel {
  return {
    kind: 'lines',
    title: 'Needless repeats, and waits that were too long',
    description:
      'Repeats whose first transmission was answered after all, and waits longer than the adaptive timer.',
    unit: 'cps',
    queries: [
      { expr: perSecond('earlyRetransmissions', ['transport'], CHOSEN), legend: '{{transport}} needless' },
      {
        expr: perSecond('answerTimeouts', ['transport', 'ack_type'], CHOSEN),
        legend: '{{transport}} {{ack_type}} late',
      },
    ],
    width: 12,
    height: 8,
    floor: true,
  };
}

function duplicates(): Panel {
  return {
    kind: 'lines',
    title: 'Duplicates dropped, answers that nobody waits for',
    description: 'Packets that came again, and receipts or replies without a command.',
    unit: 'cps',
    queries: [
      { expr: perSecond('duplicatesDropped', ['transport'], CHOSEN), legend: '{{transport}} duplicates' },
      {
        expr: perSecond('answers', ['ack_type', 'outcome'], { outcome: '!="matched"' }),
        legend: '{{ack_type}} {{outcome}}',
      },
    ],
    width: 12,
    height: 8,
    floor: true,
  };
}

function devices(): Panel {
  return {
    kind: 'lines',
    title: 'Devices connected',
    description: 'Devices whose link takes commands, over all processes, and connections that are open.',
    unit: 'short',
    queries: [
      { expr: total('connectedDevices'), legend: 'devices' },
      { expr: total('connections'), legend: 'connections' },
    ],
    width: 8,
    height: 8,
    floor: true,
    runbook: 'control-plane#pointsmandevicesgone',
  };
}

function handshakes(): Panel {
  return {
    kind: 'lines',
    title: 'Handshakes',
    description:
      'Devices that said who they are. Refused: another credential than the one that is remembered.',
    unit: 'cps',
    queries: [
      { expr: perSecond('handshakes', ['outcome']), legend: '{{outcome}}' },
      { expr: perSecond('connectionsRefused', ['reason']), legend: 'sent away: {{reason}}' },
    ],
    width: 8,
    height: 8,
    floor: true,
  };
}

function ends(): Panel {
  return {
    kind: 'lines',
    title: 'Why links end',
    description: 'Connections that ended, by reason.',
    unit: 'cps',
    queries: [{ expr: perSecond('connectionsEnded', ['reason']), legend: '{{reason}}' }],
    width: 8,
    height: 8,
    floor: true,
  };
}
