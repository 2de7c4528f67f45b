import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A titled part of the page: a landmark of its own. */
export function Panel({ id, title, wide = false, children }: PanelProps) {
  return (
    <section class={wide ? 'panel wide' : 'panel'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
