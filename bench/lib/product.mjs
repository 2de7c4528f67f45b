import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A module of the built product, by its path below src without the ending: `built('routing/router')`.
 * @param {string} path
 */
export function built(path) {
  return require(`../../dist/${path}.js`);
}

/** A plan that sends every device over one transport. @param {'new' | 'legacy'} transport */
export function allOn(transport) {
  const { safePlan } = built('routing/plan');
  const plan = safePlan({ salt: 'bench', holdback: 0, setBy: 'bench', reason: 'bench', setAt: '' });
  return { plan: { ...plan, percentage: transport === 'new' ? 100 : 0 }, latched: false };
}
