const LOOPBACK_HOST = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost)(:\d{1,5})?$/;

/** Whether a Host header names this machine by a loopback literal. A rebinding page names its own domain. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

/** Whether a request with this Origin comes from a page that this server itself served. */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const rest = /^https?:\/\/(.+)$/.exec(origin)?.[1];
  return rest !== undefined && rest === host;
}
