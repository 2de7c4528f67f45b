/** Commands that left a lane in the last minute. */
export interface RecentCommands {
  readonly all: number;
  readonly toNew: number;
}

/** 0…100, or undefined without any command. */
export function effectivePercentage(shares: readonly RecentCommands[]): number | undefined {
  const all = shares.reduce((sum, share) => sum + share.all, 0);
  const toNew = shares.reduce((sum, share) => sum + share.toNew, 0);
  return all === 0 ? undefined : (100 * toNew) / all;
}
