import type { Direction } from './live-read';

export const BACKPRESSURE_MODES = ['normal', 'slow_consumer', 'buffer_fill', 'ack_delay'] as const;
export type BackpressureMode = (typeof BACKPRESSURE_MODES)[number];

/** How the man in the middle makes life hard for devices (protocol 6.2). */
export interface PressureSettings {
  readonly mode: BackpressureMode;
  readonly slowConsumerDelayMs: number;
  readonly bufferFillReads: number;
  readonly ackDelayMs: number;
}

/** What to do with one read: forward it and read on; forward it and pause; or hold it back first. */
export type Pressure =
  | { readonly kind: 'none' }
  | { readonly kind: 'pause'; readonly forMs: number; readonly filled: boolean }
  | { readonly kind: 'delay'; readonly forMs: number };

const NONE: Pressure = { kind: 'none' };
const BUFFER_FILL_MS = 3_600_000;

/** Types that acknowledge something to a device. */
const ACKNOWLEDGEMENTS: ReadonlySet<number> = new Set([0x28, 0x7b, 0x88, 0xd8]);

/** `reads` counts those of the connection and direction, this one included. */
export function pressureOn(
  settings: PressureSettings,
  read: { readonly dir: Direction; readonly firstByte: number | undefined; readonly reads: number },
): Pressure {
  const fromDevice = read.dir === 'dev_to_cloud';
  switch (settings.mode) {
    case 'normal':
      return NONE;
    case 'slow_consumer':
      return fromDevice ? { kind: 'pause', forMs: settings.slowConsumerDelayMs, filled: false } : NONE;
    case 'buffer_fill':
      return fromDevice && read.reads >= settings.bufferFillReads
        ? { kind: 'pause', forMs: BUFFER_FILL_MS, filled: true }
        : NONE;
    case 'ack_delay':
      return !fromDevice && ACKNOWLEDGEMENTS.has(read.firstByte ?? 0)
        ? { kind: 'delay', forMs: settings.ackDelayMs }
        : NONE;
  }
}
