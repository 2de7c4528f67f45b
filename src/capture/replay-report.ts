import type { Packet } from '../protocol/catalogue';
import { encodePacket } from '../protocol/codec';
import { toHex } from '../protocol/hex';
import { PAIR_LABELS, type PairLabel } from './pairing';
import { isCommand } from './replay-answer';
import type { PlayedScript } from './replay-player';
import type { CapturedPacket } from './replay-script';

/** What a replay found, in figures. */
export interface ReplayReport {
  /** Connections of the capture, and those of them that were played. */
  readonly connections: number;
  readonly played: number;
  /** Connections that nobody accepted, or that no device of the capture made. */
  readonly unreachable: number;
  readonly unexpected: number;
  readonly sent: number;
  readonly received: number;
  readonly unplayedSteps: number;
  /** How many of our packets were answered, then and now. */
  readonly answers: Readonly<Partial<Record<PairLabel, { readonly captured: number; readonly now: number }>>>;
  /** Commands that we sent, by whether their receipt (0x7B) and reply (F9) are those of the capture. */
  readonly commands: Readonly<Record<CommandVerdict, number>>;
  /** Commands that the peer sent and that the capture knew how to answer, and requests that it did not know. */
  readonly answeredCommands: number;
  readonly unknownRequests: number;
}

const COMMAND_VERDICTS = ['same', 'different', 'missing', 'extra'] as const;

/** `missing`: the capture has an answer that did not come. `extra`: one came that the capture does not have. */
export type CommandVerdict = (typeof COMMAND_VERDICTS)[number];

const COMMAND_LABELS = ['0x73→0x7B', 'F8→F9'] as const;

export interface ReplayOutcome {
  readonly played: readonly PlayedScript[];
  readonly connections: number;
  readonly unreachable: number;
  readonly unexpected: number;
}

/** Adds up what the connections of a replay came to. */
export function replayReport({ played, connections, unreachable, unexpected }: ReplayOutcome): ReplayReport {
  const sum = (pick: (script: PlayedScript) => number): number =>
    played.reduce((total, script) => total + pick(script), 0);
  return {
    connections,
    played: played.length,
    unreachable,
    unexpected,
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
    unplayedSteps: sum(({ unplayed }) => unplayed),
    answers: answersOf(played),
    commands: commandsOf(played),
    answeredCommands: sum(({ answeredCommands }) => answeredCommands),
    unknownRequests: sum(({ unknownRequests }) => unknownRequests),
  };
}

/** Whether the replay showed what the capture shows. */
export function isFaithful({ commands, unreachable, unplayedSteps, answers }: ReplayReport): boolean {
  const unanswered = Object.values(answers).some(({ captured, now }) => now < captured);
  const { different, missing, extra } = commands;
  return different + missing + extra + unreachable + unplayedSteps === 0 && !unanswered;
}

function answersOf(played: readonly PlayedScript[]): ReplayReport['answers'] {
  const answers: Partial<Record<PairLabel, { captured: number; now: number }>> = {};
  for (const label of PAIR_LABELS) {
    let [captured, now] = [0, 0];
    for (const script of played) {
      for (const packet of sentBy(script)) {
        captured += Number(packet.answers.some((answer) => answer.label === label));
        now += Number(script.answers.get(packet)?.has(label) ?? false);
      }
    }
    if (captured + now > 0) answers[label] = { captured, now };
  }
  return answers;
}

function commandsOf(played: readonly PlayedScript[]): ReplayReport['commands'] {
  const counts = { same: 0, different: 0, missing: 0, extra: 0 };
  for (const script of played) {
    for (const packet of sentBy(script))
      if (isCommand(packet.packet)) counts[verdictOn(packet, script.answers.get(packet))] += 1;
  }
  return counts;
}

function sentBy({ script }: PlayedScript): readonly CapturedPacket[] {
  return script.steps.flatMap((step) => (step.kind === 'send' ? [step.packet] : []));
}

function verdictOn(command: CapturedPacket, now: ReadonlyMap<PairLabel, Packet> | undefined): CommandVerdict {
  const found = COMMAND_LABELS.map((label) => {
    const captured = command.answers.find((answer) => answer.label === label)?.packet.packet;
    return compare(captured?.kind === 'malformed' ? undefined : captured, now?.get(label));
  });
  return COMMAND_VERDICTS.find((verdict) => verdict !== 'same' && found.includes(verdict)) ?? 'same';
}

function compare(captured: Packet | undefined, now: Packet | undefined): CommandVerdict {
  if (!captured) return now ? 'extra' : 'same';
  if (!now) return 'missing';
  return contentOf(captured) === contentOf(now) ? 'same' : 'different';
}

/** A receipt to the last byte; of a reply what it says, because its message id is the device's own count. */
function contentOf(packet: Packet): string {
  if (packet.kind !== 'data') return toHex(encodePacket(packet));
  return packet.inner.kind === 'frame' ? `${packet.inner.opcode} ${toHex(packet.inner.data)}` : 'malformed';
}
