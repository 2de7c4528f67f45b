// One of several applications that share a rollout. argv: its settings as JSON. Says when each change is in effect.
import { openController } from '../lib/controller.mjs';
import { serve } from '../lib/process.mjs';
import { built } from '../lib/product.mjs';

const { container } = await openController(JSON.parse(process.argv[2]));
const rollout = container.get(built('rollout/rollout').Rollout);
const router = container.get(built('routing/router').Router);

/** Milliseconds on the clock of the machine, which processes share. */
const now = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;
const seen = new Map();
let onSeen = () => {};
rollout.onChange(() => {
  // Routing has it by now: that is what counts.
  seen.set(router.current.plan.percentage, now());
  onSeen();
});

serve(null, {
  /** When it was asked, and when it was answered. */
  async set(percentage) {
    const askedAt = now();
    await rollout.apply({
      kind: 'set_percentage',
      percentage,
      confirmed: true,
      by: 'bench',
      reason: 'bench',
    });
    return { askedAt, answeredAt: now() };
  },
  /** When this percentage was in effect here. */
  async effective(percentage) {
    while (!seen.has(percentage)) await new Promise((resolve) => (onSeen = resolve));
    const at = seen.get(percentage);
    seen.clear();
    return at;
  },
});
