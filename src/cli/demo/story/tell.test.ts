import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RolloutView } from '../../../api/schemas/rollout';
import { viewWith } from '../../../../test/support/rollout-views';
import { sleep, systemClock } from '../../../kernel/clock';
import { loadLadder } from '../../../rollout/ladder-file';
import { ManualClock } from '../../../kernel/manual-clock';
import { STORIES } from './stories';
import type { Stagehand, Step } from './story';
import { tell } from './tell';

/** A rollout that shows one view after the other, each once, and stays with the last. */
function bench(...views: readonly RolloutView[]) {
  const clock = new ManualClock();
  const calls: string[] = [];
  let at = 0;
  let out = '';
  const stagehand: Stagehand = {
    call: (call, schema) => {
      calls.push(`${call.method} ${call.path}`);
      return Promise.resolve(schema.parse({ entries: [], next: null }));
    },
    rollout: () => Promise.resolve(views[Math.min(at++, views.length - 1)] as RolloutView),
    breakNewPath: () => void calls.push('break'),
    repairNewPath: () => void calls.push('repair'),
  };
  let stopped = false;
  const telling = async (steps: readonly Step[]): Promise<string> => {
    let ended = false;
    const done = tell(
      { steps, moral: 'the moral' },
      { stagehand, traffic: () => [], clock, out: (text) => (out += text), stopped: () => stopped },
    ).finally(() => (ended = true));
    const settled = done.then(
      () => 'ended',
      (error: unknown) => String(error),
    );
    while (!ended) {
      await sleep(systemClock, 0);
      clock.advance(250);
    }
    return settled;
  };
  return { telling, calls, said: () => out, stop: () => (stopped = true) };
}

const step = (over: Partial<Step> = {}): Step => ({
  name: 'a step',
  says: 'what happens',
  until: ({ rollout }) => rollout.plan.percentage === 25,
  waitsFor: '25 %',
  boundMs: 10_000,
  ...over,
});
const low = viewWith();
const high = viewWith({ plan: { ...low.plan, percentage: 25 } });

describe('a story', () => {
  it('says, acts, waits, and tells what it saw, step by step', async () => {
    const { telling, said } = bench(low, low, high);
    const first = step({
      act: () => Promise.resolve('done'),
      sees: ({ rollout }) => `at ${rollout.plan.percentage} %`,
    });
    expect(await telling([first, step({ name: 'another' })])).toBe('ended');
    const order = ['1/2  a step', 'what happens', '> done', '> at 25 %', '2/2  another', 'the moral'];
    expect(order.map((text) => said().indexOf(text))).toEqual(
      [...order.map((text) => said().indexOf(text))].sort((one, other) => one - other),
    );
    expect(said()).not.toContain('undefined');
  });

  it('fails at the step that does not come to its end in its bound, and says what it waited for', async () => {
    const { telling } = bench(low);
    expect(await telling([step()])).toMatch(/stands still: "a step" waited 10 s for 25 %/);
  });

  it('tells what gates lack while it waits for them', async () => {
    const { telling, said } = bench(low);
    await telling([step({ gated: true })]);
    expect(said()).toContain('… 2,995 clean commands needed, 1,204 seen');
  });

  it('goes no further when an act fails', async () => {
    const { telling, said } = bench(high);
    expect(await telling([step({ act: () => Promise.reject(new Error('refused')) }), step()])).toContain(
      'refused',
    );
    expect(said()).not.toContain('2/2');
  });

  it('ends where it is told to stop', async () => {
    const { telling, stop } = bench(low);
    stop();
    expect(await telling([step()])).toContain('stopped at "a step"');
  });
});

describe('the stories that can be played', () => {
  it.each(STORIES.map((story) => [story.name, story] as const))(
    '%s climbs a ladder that can be loaded',
    (_name, story) => {
      const file = join(mkdtempSync(join(tmpdir(), 'pointsman-story-')), 'ladder.yaml');
      writeFileSync(file, story.ladder);
      const { stages } = loadLadder(file, 5);
      rmSync(dirname(file), { recursive: true });
      const names = stages.map(({ name }) => name);
      for (const { waitsFor } of story.steps) {
        const wanted = /(?:reach|go on to) (\S+)$/.exec(waitsFor)?.[1];
        if (wanted !== undefined) expect(names).toContain(wanted);
      }
    },
  );

  it.each(STORIES.map((story) => [story.name, story] as const))(
    '%s says something at every step, and waits with a bound',
    (_name, { steps, compressed }) => {
      expect(compressed).not.toBe('');
      for (const { says, boundMs } of steps) {
        expect(says.length).toBeGreaterThan(30);
        expect(boundMs).toBeGreaterThan(0);
      }
    },
  );
});
