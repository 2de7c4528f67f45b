import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** A third of the page when nothing is said. */
  readonly width?: 'broad' | 'wide';
  readonly children: ComponentChildren;
}

/** A titled part of the page: a landmark of its own. */
export function Panel({ id, title, width, children }: PanelProps) {
  return (
    <section class={`panel ${width ?? ''}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
