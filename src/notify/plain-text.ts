/** Escape sequences of a terminal: CSI with its parameters, OSC up to its end, or two characters. */
const CSI = String.raw`\[[0-?]{0,64}[ -/]{0,16}[@-~]?`;
const OSC = String.raw`\][^\u0007\u001b]{0,1024}(?:\u0007|\u001b\\)?`;
const TERMINAL = new RegExp(String.raw`\u001b(?:${CSI}|${OSC}|.)?`, 'gs');
/** Control characters, and those that turn the direction of text or are not seen at all. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Text from outside on one line, with nothing in it that a terminal or a chat would obey. */
export function plainText(text: string, limit: number): string {
  const plain = text
    .replace(TERMINAL, '')
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replace(UNPRINTABLE, '')
    .trim();
  return plain.length <= limit ? plain : `${wholeCharacters(plain, limit - 1)}…`;
}

/** Not cut in the middle of a pair. */
function wholeCharacters(text: string, limit: number): string {
  const cut = text.slice(0, limit);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

const EVIDENCE = { depth: 5, members: 50, text: 1_000, bytes: 16_384 } as const;

/** Evidence that is safe to print and of a bounded size. */
export function plainEvidence(evidence: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain = plainValue(evidence, EVIDENCE.depth) as Record<string, unknown>;
  const bytes = Buffer.byteLength(JSON.stringify(plain));
  return bytes <= EVIDENCE.bytes ? plain : { left_out: `${bytes} bytes; the history has them` };
}

function plainValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return plainText(value, EVIDENCE.text);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, EVIDENCE.members).map((one) => plainValue(one, depth - 1));
  const members = Object.entries(value).slice(0, EVIDENCE.members);
  return Object.fromEntries(
    members.map(([name, one]) => [plainText(name, EVIDENCE.text), plainValue(one, depth - 1)]),
  );
}
