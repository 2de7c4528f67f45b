import { z } from 'zod';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { effectivePercentage, type RecentCommands } from '../kernel/recent-commands';
import { BoardAttempts } from '../store/board-attempts';
import type { Noticeboard } from '../store/noticeboard';
import type { RolloutDocument } from './document';

const BOARD = 'replicas';
/** A name of the system's choice, or one of a configuration: no control characters, and of a length to be shown. */
const REPLICA_NAME = /^[\x21-\x7e]{1,128}$/;

const noticeSchema = z.object({
  replica: z.string().regex(REPLICA_NAME),
  revision: z.number().int().min(0),
  generation: z.number().int().min(0),
  percentage: z.number().min(0).max(100),
  devices: z.number().int().min(0),
  commands: z.object({ all: z.number().int().min(0), toNew: z.number().int().min(0) }),
  at: z.iso.datetime(),
});
type Notice = z.infer<typeof noticeSchema>;

/** One of the replicas that share the rollout, and what it follows. */
export interface ReplicaView extends Notice {
  /** Since its last notice was heard, on this replica's clock: theirs need not be right. */
  readonly ageMs: number;
  /** It follows another plan than this replica, which has followed its own for long enough to be heard of. */
  readonly differs: boolean;
}

export interface ReplicasSettings {
  /** A replica not heard of for so long counts as gone. */
  readonly announceTtlMs: number;
  /** How long replicas may follow different plans before it is an alarm. */
  readonly skewMs: number;
}

export interface ReplicasParts {
  readonly board: Noticeboard;
  readonly replica: string;
  readonly document: () => RolloutDocument;
  readonly connectedDevices: () => number;
  readonly recentCommands: () => RecentCommands;
  readonly settings: ReplicasSettings;
  readonly clock: Clock;
  readonly observe: Observe;
}

interface Heard {
  readonly notice: Notice;
  readonly heardAt: number;
}

/** The replicas of this rollout, as far as they are heard of. */
export class Replicas {
  private heard: ReadonlyMap<string, Heard> = new Map();
  private differingSince: number | undefined;
  private alarmed = false;
  private followed: { readonly plan: string; readonly since: number } | undefined;
  private readonly attempts: BoardAttempts;

  constructor(private readonly parts: ReplicasParts) {
    this.attempts = new BoardAttempts(BOARD, parts.observe);
  }

  /** By name, this one included. */
  get list(): readonly ReplicaView[] {
    const { clock, replica, settings } = this.parts;
    const [now, own] = [clock.now(), this.own()];
    const isSettled = now - this.followedSince(planOf(own)) > settings.announceTtlMs;
    const views = new Map(
      [...this.heard].map(([name, { notice, heardAt }]) => {
        const differs = isSettled && planOf(notice) !== planOf(own);
        return [name, { ...notice, ageMs: now - heardAt, differs }];
      }),
    );
    views.set(replica, { ...own, ageMs: 0, differs: false });
    return [...views.values()]
      .filter(({ ageMs }) => ageMs <= settings.announceTtlMs)
      .sort((one, other) => (one.replica < other.replica ? -1 : 1));
  }

  /** What really went to the new transport in the last minute, over all of them; undefined without any command. */
  get effectivePercentage(): number | undefined {
    return effectivePercentage(this.list.map(({ commands }) => commands));
  }

  /** Whether they follow different plans, and have for too long. */
  get skewed(): boolean {
    return this.alarmed;
  }

  /** Tells what this replica follows, and hears the others. Never rejects. */
  async announce(): Promise<void> {
    const { board, replica, settings } = this.parts;
    await this.attempts.attempt(async () => {
      await board.post(BOARD, replica, JSON.stringify(this.own()), settings.announceTtlMs);
      this.hear(await board.read(BOARD));
    });
    this.watchSkew();
  }

  /** Takes this replica's notice down. Never rejects. */
  async withdraw(): Promise<void> {
    try {
      await this.parts.board.post(BOARD, this.parts.replica, '', 1);
    } catch {
      // It goes by itself when its time has passed.
    }
  }

  /** Since when this replica follows its plan, as far as it was asked. */
  private followedSince(plan: string): number {
    if (this.followed?.plan !== plan) this.followed = { plan, since: this.parts.clock.now() };
    return this.followed.since;
  }

  private own(): Notice {
    const { replica, document, connectedDevices, recentCommands, clock } = this.parts;
    const { revision, generation, percentage } = document().plan;
    const at = new Date(clock.wallNow()).toISOString();
    const [devices, commands] = [connectedDevices(), recentCommands()];
    return { replica, revision, generation, percentage, devices, commands, at };
  }

  private hear(notices: ReadonlyMap<string, string>): void {
    const now = this.parts.clock.now();
    const heard = new Map<string, Heard>();
    for (const [name, text] of notices) {
      const notice = parsed(text);
      if (notice?.replica !== name) continue;
      const known = this.heard.get(name);
      heard.set(name, known?.notice.at === notice.at ? known : { notice, heardAt: now });
    }
    this.heard = heard;
  }

  private watchSkew(): void {
    const { clock, settings } = this.parts;
    const followed = this.list.map(({ replica, ...plan }) => ({ replica, plan: planOf(plan) }));
    const differ = new Set(followed.map(({ plan }) => plan)).size > 1;
    this.differingSince = differ ? (this.differingSince ?? clock.now()) : undefined;
    const skewed = this.differingSince !== undefined && clock.now() - this.differingSince > settings.skewMs;
    if (skewed === this.alarmed) return;
    this.alarmed = skewed;
    const replicas = followed.map(({ replica, plan }) => `${replica}: ${plan}`);
    this.parts.observe({ kind: 'revision_skew', skewed, replicas });
  }
}

/** The percentage too: after a failover two documents can stand under one revision. */
function planOf({ generation, revision, percentage }: Omit<Notice, 'replica'>): string {
  return `${generation}.${revision} at ${percentage} %`;
}

function parsed(text: string): Notice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
