const KEY = 'pointsman token';

/** Lives as long as the tab: not in a cookie, not in a URL, not on disk for the next person. */
export function savedToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function saveToken(token: string | undefined): void {
  if (token === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}
