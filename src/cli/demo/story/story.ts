import type { z } from 'zod';
import type { AuditEntryView } from '../../../api/schemas/history';
import type { RolloutView } from '../../../api/schemas/rollout';
import type { Call } from '../../client';
import type { TransportView } from '../tally';

/** What a step can do. Everything but the faults goes through the HTTP API, as a person or a program would do it. */
export interface Stagehand {
  call<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>>;
  rollout(): Promise<RolloutView>;
  /** Nothing that the new transport writes reaches a device any more; legacy goes on as before. */
  breakNewPath(): void;
  repairNewPath(): void;
}

/** What is seen at one moment. */
export interface Scene {
  readonly rollout: RolloutView;
  /** Newest first, as many as a story looks back on. */
  readonly history: readonly AuditEntryView[];
  /** What the application saw in the last seconds. */
  readonly traffic: readonly TransportView[];
}

/** One step of a story: what is said, what is done, and what must be seen before the story goes on. */
export interface Step {
  readonly name: string;
  /** What happens and why, in a sentence or two. */
  readonly says: string;
  /** Gives what is to be told of it, if anything. */
  readonly act?: (stagehand: Stagehand) => Promise<string | undefined>;
  readonly until: (scene: Scene) => boolean;
  /** What `until` waits for, in words. */
  readonly waitsFor: string;
  /** The machine waits for gates: what they lack is told. */
  readonly gated?: boolean;
  /** A story that waits for longer has failed. */
  readonly boundMs: number;
  /** What was seen then. */
  readonly sees?: (scene: Scene) => string;
}

export interface Story {
  readonly name: string;
  readonly title: string;
  /** What is not as it would be in earnest, said before anything else. */
  readonly compressed: string;
  /** The ladder that it climbs, as a file would say it. */
  readonly ladder: string;
  readonly devices: number;
  readonly commandsPerSecond: number;
  readonly steps: readonly Step[];
  /** The last word. */
  readonly moral: string;
}
