/** One message of a server-sent event stream. */
export interface EventMessage {
  readonly event: 'rollout' | 'audit' | 'traffic' | 'end';
  readonly data: unknown;
  /** What a client that comes back names as the last it has seen. */
  readonly id?: number;
}

/** As it crosses the wire. The data is JSON, so it has no line break. */
export function messageText({ event, data, id }: EventMessage): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Keeps the way open, and tells a client that the server is still there. */
export const HEARTBEAT = ': still here\n\n';

/** How long a client is to wait before it comes back. */
export function retryText(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`;
}
