import type { Noticeboard } from '../store/noticeboard';
import type { WatchdogNews } from './watchdog';

const BOARD = 'watchdog';

/** News of the watchdog over the noticeboard. Lost news costs a false alarm at worst, so nothing here rejects. */
export function newsOn(board: Noticeboard, replica: string, ttlMs: number): WatchdogNews {
  return {
    async tell() {
      await board.post(BOARD, replica, 'heard', ttlMs).catch(() => {});
    },
    async heardElsewhere() {
      const heard = await board.read(BOARD).catch(() => new Map<string, string>());
      return [...heard.keys()].some((other) => other !== replica);
    },
  };
}
