import type { CaptureRead } from './capture-line';

/** Which way bytes travel; the upstream controller stands where the vendor cloud stood. */
export type Direction = NonNullable<CaptureRead['dir']>;

/** One read of a connection that is being captured, or bytes that were injected into it. */
export interface LiveRead {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly dir: Direction;
  /** Counts the connections of a run, so that it is never used twice and says nothing about addresses. */
  readonly conn: string;
  readonly bytes: Uint8Array;
  readonly injected: boolean;
}

/** What looks at the traffic that is forwarded. */
export interface ReadObserver {
  read(read: LiveRead): void;
  closed?(conn: string): void;
}

/** Observers as one that never throws: what fails in one of them is told, and stops neither traffic nor the others. */
export function guarded(
  observers: readonly ReadObserver[],
  onFault: (error: unknown) => void,
): Required<ReadObserver> {
  const tell = (call: (observer: ReadObserver) => void): void => {
    for (const observer of observers) {
      try {
        call(observer);
      } catch (error) {
        onFault(error);
      }
    }
  };
  return {
    read: (read) => tell((observer) => observer.read(read)),
    closed: (conn) => tell((observer) => observer.closed?.(conn)),
  };
}
