import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../kernel/clock';
import { AppError } from '../kernel/errors';
import type { DeviceId } from '../kernel/device-id';
import type { Lanes } from '../routing/lanes';
import type { Receipt } from '../transport/transport';
import type { Directory } from './directory';
import type { Idempotency } from './idempotency';
import { elsewhere } from './problem';
import type { CommandBody } from './schemas/commands';

export interface CommandServiceParts {
  readonly clock: Clock;
  readonly lanes: Lanes;
  readonly directory: Directory;
  readonly idempotency: Idempotency<Receipt>;
  /** Replicas that share the rollout, this one included. */
  readonly replicas: () => number;
}

export interface Asked {
  readonly deviceId: DeviceId;
  readonly body: CommandBody;
  /** The caller's name and its Idempotency-Key: two callers may use the same key. */
  readonly key: string | undefined;
}

/** A device for which a group command did not end as `applied`: its outcome, or why it was not even queued. */
export interface Failure {
  readonly deviceId: DeviceId;
  readonly outcome: string;
}

export interface GroupResult {
  readonly receipts: readonly Receipt[];
  readonly failed: readonly Failure[];
}

/** Turns what was asked over HTTP into commands. */
export class CommandService {
  constructor(private readonly parts: CommandServiceParts) {}

  /** Where a device may be that is not connected here. */
  get hint(): string | undefined {
    return elsewhere(this.parts.replicas());
  }

  /** Resolves with how the command ended. Refused when the device was never seen, or its own node is not known yet. */
  async send({ deviceId, body, key }: Asked): Promise<Receipt> {
    const { directory, idempotency } = this.parts;
    const record = directory.record(deviceId);
    this.refuseUnknown(deviceId);
    if (body.node === undefined && record?.ownNode === undefined && directory.isConnected(deviceId)) {
      throw new AppError(
        'node.unknown',
        `device ${deviceId} has not said yet which mesh node it is; name a node`,
      );
    }
    const submit = (): Promise<Receipt> => this.submit(deviceId, body);
    return key === undefined ? submit() : idempotency.once(key, JSON.stringify([deviceId, body]), submit);
  }

  /** Asks a bridge for the nodes of its mesh. */
  async askForMesh(deviceId: DeviceId, deadlineMs: number): Promise<Receipt> {
    const { clock, lanes } = this.parts;
    this.refuseUnknown(deviceId);
    const action = { command: 'mesh_info' } as const;
    return lanes.submit({
      id: uuidv7(),
      deviceId,
      action,
      node: undefined,
      deadlineAt: clock.now() + deadlineMs,
    });
  }

  /** One command for many devices, in parallel; each ends on its own, and what failed is collected. */
  async sendToMany(deviceIds: readonly DeviceId[], body: CommandBody): Promise<GroupResult> {
    const results = await Promise.all(deviceIds.map((deviceId) => this.trySend(deviceId, body)));
    const receipts = results.filter((result): result is Receipt => 'commandId' in result);
    const failed = results
      .filter(({ outcome }) => outcome !== 'applied')
      .map(({ deviceId, outcome }) => ({ deviceId, outcome }));
    return { receipts, failed };
  }

  private async trySend(deviceId: DeviceId, body: CommandBody): Promise<Receipt | Failure> {
    try {
      return await this.send({ deviceId, body, key: undefined });
    } catch (error) {
      if (error instanceof AppError) return { deviceId, outcome: error.code };
      throw error;
    }
  }

  /** One that was never seen here may be known to another replica; then it is not connected, and its lane says so. */
  private refuseUnknown(deviceId: DeviceId): void {
    if (this.hint === undefined && !this.parts.directory.record(deviceId)) throw unknownDevice(deviceId);
  }

  private submit(deviceId: DeviceId, body: CommandBody): Promise<Receipt> {
    const { node, deadlineMs, ...action } = body;
    const deadlineAt = this.parts.clock.now() + deadlineMs;
    return this.parts.lanes.submit({ id: uuidv7(), deviceId, action, node, deadlineAt });
  }
}

export function unknownDevice(deviceId: DeviceId): AppError {
  return new AppError('device.unknown', `no device ${deviceId} was ever seen here`);
}
