import type { Observe } from './facts';

/** One place to report to that passes every fact on to all who want them. */
export function fanOut(observers: readonly Observe[]): Observe {
  return (fact) => {
    for (const observe of observers) observe(fact);
  };
}
