import { z } from 'zod';
import { NO_TIMER, type Clock } from '../../kernel/clock';
import type { DeviceId } from '../../kernel/device-id';
import { randomInteger, type Random } from '../../kernel/random';
import type { TransportName } from '../../kernel/words';
import { receiptSchema } from '../../api/schemas/commands';
import type { Client } from '../client';
import { ServerRefusal } from '../client';
import type { Tally } from './tally';

export interface ApplicationParts {
  readonly client: Client;
  readonly devices: readonly DeviceId[];
  readonly commandsPerSecond: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly tally: Tally;
}

/** Commands under way at most; a server that hangs must not make the application grow. */
const MAX_IN_FLIGHT = 500;
const SECOND_MS = 1000;

const withReceipt = z.object({ receipt: receiptSchema });

/** Stands for the application that people use: it sends commands over HTTP at a steady rate and looks at the receipts. */
export class DemoApplication {
  private inFlight = 0;
  private cancel = NO_TIMER;

  constructor(private readonly parts: ApplicationParts) {}

  start(): void {
    const { clock, commandsPerSecond } = this.parts;
    this.cancel = clock.every(SECOND_MS / commandsPerSecond, () => void this.send());
  }

  stop(): void {
    this.cancel();
  }

  private async send(): Promise<void> {
    const { client, devices, random } = this.parts;
    if (this.inFlight >= MAX_IN_FLIGHT) return;
    this.inFlight += 1;
    const device = devices[randomInteger(random, 0, devices.length - 1)] as DeviceId;
    try {
      const receipt = await client.call(
        { method: 'POST', path: `/v1/devices/${device}/commands`, body: this.wish() },
        receiptSchema,
      );
      this.parts.tally.count(receipt.transport, true, receipt.latencyMs);
    } catch (error) {
      this.countFailure(error);
    } finally {
      this.inFlight -= 1;
    }
  }

  private wish(): object {
    const { random } = this.parts;
    return randomInteger(random, 0, 1) === 0
      ? { command: 'power', on: randomInteger(random, 0, 1) === 1 }
      : { command: 'brightness', level: randomInteger(random, 1, 100) };
  }

  private countFailure(error: unknown): void {
    const problem = error instanceof ServerRefusal ? withReceipt.safeParse(error.problem) : undefined;
    if (!problem?.success) return this.parts.tally.countUnrouted();
    const { transport, latencyMs }: { transport: TransportName; latencyMs: number } = problem.data.receipt;
    this.parts.tally.count(transport, false, latencyMs);
  }
}
