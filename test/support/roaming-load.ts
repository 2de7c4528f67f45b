import { z } from 'zod';
import { sleep, systemClock } from '../../src/kernel/clock';
import { systemCodeOf } from '../../src/kernel/errors';
import type { Answer, Ask } from './http';

/** One command that was asked for, and the one answer to it. */
export interface Answered {
  readonly deviceId: string;
  readonly status: number;
  /** Of the problem document; empty for a command that was applied. */
  readonly code: string;
  readonly commandId: string | undefined;
  readonly detail: string;
}

const receipt = z.object({ commandId: z.string() });
const answer = z.object({
  code: z.string().default(''),
  detail: z.string().default(''),
  commandId: z.string().optional(),
  receipt: receipt.optional(),
});

/** A process that serves, as far as an application sees it. */
export interface Asked {
  ask(what: Ask): Promise<Answer>;
}

/** Answers after which an application tries the next replica: nothing was done here. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'draining',
  'device.unknown',
  'command.not_connected',
  'node.unknown',
]);

/**
 * An application with one command after the other for each device. It knows no device's replica: it goes on with the
 * one that answered last, and when that does not have the device it asks the next.
 */
export class RoamingLoad {
  readonly answered: Answered[] = [];
  /** Commands to which no answer came, though the process had taken the connection. */
  readonly unanswered: string[] = [];
  private running = true;

  constructor(private readonly servings: readonly Asked[]) {}

  async run(deviceIds: readonly string[]): Promise<void> {
    await Promise.all(deviceIds.map((deviceId) => this.loop(deviceId)));
  }

  stop(): void {
    this.running = false;
  }

  get applied(): number {
    return this.answered.filter(({ status }) => status === 200).length;
  }

  codes(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status, code } of this.answered) {
      const name = code === '' ? String(status) : code;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  private async loop(deviceId: string): Promise<void> {
    let at = 0;
    for (let level = 0; this.running; level = (level + 1) % 101) {
      const serving = this.servings[at % this.servings.length] as Asked;
      const code = await this.send(serving, deviceId, level);
      if (!ELSEWHERE.has(code)) continue;
      at += 1;
      await sleep(systemClock, 20);
    }
  }

  /** The code of the answer; a process that is gone has drained. */
  private async send(serving: Asked, deviceId: string, level: number): Promise<string> {
    try {
      const { status, body } = await serving.ask({
        path: `/v1/devices/${deviceId}/commands`,
        body: { command: 'brightness', level, deadlineMs: 3_000 },
      });
      const { code, detail, commandId, receipt: inside } = answer.parse(body);
      this.answered.push({ deviceId, status, code, detail, commandId: commandId ?? inside?.commandId });
      return code;
    } catch (error) {
      if (systemCodeOf(error) !== 'ECONNREFUSED') this.unanswered.push(`${deviceId}: ${String(error)}`);
      return 'draining';
    }
  }
}
