/** How something in a table is to be taken. Said in words as well: colour alone says nothing. */
export type Tone = 'good' | 'bad' | 'unsure';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** A part of a document. All text is plain: renderers escape it. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'verdict'; readonly text: string; readonly tone: Tone }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] };

/** On one line, and without anything that steers what shows it. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
}
