import fc from 'fast-check';
import type { TransportName } from '../../kernel/words';
import { replayRun } from './replay';
import { RUN_SETTINGS, runEvidence, RunRule, type ConfirmedRun } from './run-rule';

/** Plays commands 10 ms apart: `n` bad on new, `N` good on new, `l` bad on legacy, `L` good there. When it trips. */
function play(rule: RunRule, commands: string): number | undefined {
  for (const [at, command] of [...commands].entries()) {
    const now = at * 10;
    const path = command.toLowerCase() === 'n' ? 'new' : 'legacy';
    if (command === command.toLowerCase()) rule.onBad(path, now);
    else if (rule.onGood(path, true, now)) return at;
  }
  return undefined;
}

describe('evidence of a run', () => {
  it.each([
    [5, 45, 0, '16.3'],
    [12, 12, 0, '16.6'],
    [150, 3, 0, '14.8'],
    [5, 0, 0, '0.0'],
    [0, 50, 1, '0.0'],
  ])('%d bad on new against %d good and %d bad on legacy is %s nats', (bad, legacyGood, legacyBad, nats) => {
    expect(runEvidence({ bad, legacyGood, legacyBad }).toFixed(1)).toBe(nats);
  });

  it('is never negative, and shrinks with what legacy does badly', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (bad, legacyGood) => {
        const of = (legacyBad: number) => runEvidence({ bad, legacyGood, legacyBad });
        expect(of(0)).toBeGreaterThanOrEqual(-1e-9);
        expect(of(1)).toBeLessThanOrEqual(of(0) + 1e-9);
      }),
    );
  });
});

describe('the run rule', () => {
  const run = 'nnnnn' + 'L'.repeat(45);

  it('trips when legacy still answers a quarter of a second after the evidence is there', () => {
    let legacyGood = 0;
    while (runEvidence({ bad: 5, legacyGood, legacyBad: 0 }) < RUN_SETTINGS.nats) legacyGood += 1;
    const reachedAt = 5 + legacyGood - 1;
    expect(play(new RunRule(), 'nnnnn' + 'L'.repeat(200))).toBe(reachedAt + 25);
  });

  it('does not trip without that answer, however long it lasts', () => {
    expect(play(new RunRule(), `${run}${'n'.repeat(100)}`)).toBeUndefined();
  });

  it('begins anew at a good command on new, and at the second bad one of legacy', () => {
    expect(play(new RunRule(), `${run}N${'L'.repeat(60)}`)).toBeUndefined();
    expect(play(new RunRule(), `${run}ll${'L'.repeat(60)}`)).toBeUndefined();
    expect(play(new RunRule(), `${run}l${'L'.repeat(60)}`)).toBeDefined();
  });

  it('counts only what legacy does since the run began', () => {
    expect(play(new RunRule(), `${'L'.repeat(500)}nnnnn${'L'.repeat(20)}`)).toBeUndefined();
  });

  it('wants a longer run where failures are frequent anyway', () => {
    const rule = new RunRule();
    rule.useBadShare(0.05);
    const commands = (bad: number) => 'n'.repeat(bad) + 'L'.repeat(120);
    expect(play(rule, commands(RUN_SETTINGS.longLength - 1))).toBeUndefined();
    rule.reset();
    expect(play(rule, commands(RUN_SETTINGS.longLength))).toBeDefined();
  });

  it('ignores legacy’s good commands of devices that failed lately', () => {
    const rule = new RunRule();
    for (let at = 0; at < 5; at += 1) rule.onBad('new', 0);
    for (let at = 0; at < 100; at += 1) expect(rule.onGood('legacy', false, at * 10)).toBeUndefined();
    expect(rule.run.legacyGood).toBe(0);
  });
});

describe('the course of a run', () => {
  interface Played {
    readonly afterMs: number;
    readonly path: TransportName;
    readonly bad: boolean;
  }

  const anyCommand = (leastMs: number) =>
    fc.record({
      afterMs: fc.integer({ min: leastMs, max: 12 }),
      path: fc.constantFrom<TransportName>('new', 'legacy', 'legacy', 'legacy'),
      bad: fc.integer({ min: 0, max: 199 }).map((chance) => chance === 0),
    });

  /** New is bad throughout, legacy now and then. The run by which it goes back. */
  function confirmed(commands: readonly Played[]): ConfirmedRun | undefined {
    const rule = new RunRule();
    let now = 1_000_000.5;
    for (const { afterMs, path, bad } of commands) {
      now += afterMs;
      if (path === 'new' || bad) rule.onBad(path, now);
      else {
        const run = rule.onGood(path, true, now);
        if (run) return run;
      }
    }
    return undefined;
  }

  it.each([
    ['the same moment with the same counts, where each command has a millisecond of its own', 1],
    ['a run that goes back as well, where several share one', 0],
  ])('comes, played again from its stored form, to %s', (_what, leastMs) => {
    let wentBack = 0;
    fc.assert(
      fc.property(fc.array(anyCommand(leastMs), { minLength: 150, maxLength: 400 }), (commands) => {
        const run = confirmed(commands);
        fc.pre(run !== undefined);
        wentBack += 1;
        const { course, ...counts } = run;
        const again = replayRun(JSON.parse(JSON.stringify(course)) as typeof course);
        if (leastMs > 0) expect(again).toMatchObject({ at: course.rows.at(-1)?.[0], run: counts });
        else expect(again).toBeDefined();
      }),
    );
    expect(wentBack).toBeGreaterThan(50);
  });

  it('is kept in a bounded number of rows, with what came before them, and still judged alike', () => {
    const rule = new RunRule();
    rule.useBadShare(0.05);
    for (let at = 0; at < 1000; at += 1) rule.onGood('legacy', true, at);
    let now = 0;
    for (let bad = 0; bad < RUN_SETTINGS.longLength; bad += 1) {
      rule.onBad('new', now);
      for (let good = 0; good < 200; good += 1) rule.onGood('legacy', true, (now += 1));
    }
    let run: ConfirmedRun | undefined;
    while (!run) run = rule.onGood('legacy', true, (now += 1));
    const { course, ...counts } = run;
    expect(course).toMatchObject({ least: RUN_SETTINGS.longLength, before: { legacyBad: 0 } });
    expect(course.before.bad).toBeGreaterThan(0);
    expect(course.rows).toHaveLength(300);
    expect(replayRun(course)).toMatchObject({ run: counts });
    expect(replayRun({ ...course, least: counts.bad + 1 })).toBeUndefined();
  });
});
