import { headline, type Seen, type Tone } from '../model/headline';

const MARKS: Readonly<Record<Tone, string>> = { good: '✓', waiting: '…', unknown: '?', bad: '✗' };

/** The one sentence for who reads no further. */
export function HeadlinePart({ seen, nowMs }: { seen: Seen; nowMs: number }) {
  const { tone, where, safe, done } = headline(seen, nowMs);
  return (
    <section class={`headline ${tone}`} aria-labelledby="headline">
      <span class="mark" aria-hidden="true">
        {MARKS[tone]}
      </span>
      <h2 id="headline">
        {where}; {safe}; {done}.
      </h2>
    </section>
  );
}
