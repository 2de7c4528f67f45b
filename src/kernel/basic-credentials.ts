/** An address without the user and password that it may hold, and the header that carries them instead. */
export interface Addressed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Node's fetch refuses an address with a password, and repeats it in the refusal. */
export function withoutCredentials(address: string): Addressed {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return { url: address, headers: {} };
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}
