import { GUARD_SETTINGS } from '../../../test/support/guard-bench';
import { contextWith, documentWith } from '../../../test/support/plans';
import { ManualClock } from '../../kernel/manual-clock';
import type { GuardSettings } from '../../slo/guard/guard-settings';
import { Drill } from './drill';

function bench(settings: Partial<GuardSettings> = {}, document = documentWith({ percentage: 0 })) {
  const clock = new ManualClock();
  const parts = { rollout: { document }, context: contextWith(), clock };
  return { clock, document, drill: new Drill({ ...parts, settings: { ...GUARD_SETTINGS, ...settings } }) };
}

const A_MINUTE = 60_000;

describe('a rehearsal of the way back', () => {
  it('takes what the guard waits for a reply, a few failures and a confirmation', async () => {
    const { clock, drill } = bench();
    const rehearsal = drill.rehearse();
    clock.advance(10_000);
    const { seconds, rule, percentage } = await rehearsal;
    expect({ rule, percentage }).toEqual({ rule: 'run', percentage: 25 });
    expect(seconds).toBeGreaterThan(GUARD_SETTINGS.latencyThresholdMs / 1000);
    expect(seconds).toBeLessThan(5);
  });

  it('is held at the percentage that stands where it has devices on both paths, and leaves it as it is', async () => {
    const { clock, drill, document } = bench({}, documentWith({ percentage: 50, generation: 4 }));
    const before = structuredClone(document);
    const rehearsal = drill.rehearse();
    clock.advance(10_000);
    expect(await rehearsal).toMatchObject({ percentage: 50 });
    expect(document).toEqual(before);
  });

  it('fails when nothing goes back', async () => {
    const { clock, drill } = bench({ maxInFlight: 0 });
    const rehearsal = drill.rehearse();
    clock.advance(A_MINUTE);
    await expect(rehearsal).rejects.toMatchObject({
      code: 'rollout.drill_failed',
      message: expect.stringContaining('the guard did not go back') as string,
    });
  });

  it.each([
    ['the guard is off', { enabled: false }, 'guard.enabled'],
    ['the guard only observes', { observeOnly: true }, 'guard.observeOnly'],
  ])('is refused while %s', async (_, settings, says) => {
    await expect(bench(settings).drill.rehearse()).rejects.toThrow(says);
  });

  it('is refused while another one is under way, and not afterwards', async () => {
    const { clock, drill } = bench();
    const first = drill.rehearse();
    await expect(drill.rehearse()).rejects.toThrow('under way');
    clock.advance(10_000);
    await first;
    const next = drill.rehearse();
    clock.advance(10_000);
    expect((await next).rule).toBe('run');
  });
});
