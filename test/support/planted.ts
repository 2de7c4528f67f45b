/** Everything in which a planted secret could hide. */
export class Haystack {
  private readonly parts: { readonly where: string; readonly text: string }[] = [];

  add(where: string, text: string): void {
    this.parts.push({ where, text });
  }

  get size(): number {
    return this.parts.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** Where each secret stands, in any of the forms that programs write it in; nothing if all is well. */
  find(secrets: Readonly<Record<string, string>>): string[] {
    return Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).flatMap(([form, pattern]) =>
        this.parts
          .filter(({ text }) => pattern.test(text))
          .map(({ where, text }) => `${name} (${form}) in ${where}: ${excerpt(text, pattern)}`),
      ),
    );
  }
}

function formsOf(secret: string): [string, RegExp][] {
  const bytes = Buffer.from(secret, 'latin1');
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  return [
    ['as it is', new RegExp(escaped(secret))],
    ['in a URL', new RegExp(escaped(encodeURIComponent(secret)))],
    ['in hex', new RegExp(pairs.join('[ :]?'), 'i')],
    ['as a list', new RegExp([...bytes].join(', ?'))],
    // Without its last letters, which depend on what follows.
    ['in base64', new RegExp(escaped(bytes.toString('base64').replace(/.{0,3}=*$/, '')))],
  ];
}

function excerpt(text: string, pattern: RegExp): string {
  const at = text.search(pattern);
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + 80));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
