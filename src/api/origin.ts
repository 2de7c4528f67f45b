/** Whether a request with this Origin comes from a page that this server itself served. */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const rest = /^https?:\/\/(.+)$/.exec(origin)?.[1];
  return rest !== undefined && rest === host;
}
