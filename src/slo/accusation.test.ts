import { testSeed } from '../../test/support/long-run';
import { seededRandom, type Random } from '../kernel/random';
import { accuse, type Accusation } from './accusation';
import { judgeObjective, windowsOf } from './objective-verdict';
import { DEFAULT_OBJECTIVES, type Objective } from './objectives';
import type { Arm } from './readings';

const LATENCY = DEFAULT_OBJECTIVES.find(({ name }) => name === 'command-latency') as Objective;
/** Captured devices miss the threshold on both transports; one tier of the objective allows 5.6 %. */
const SLOW = 0.065;
const LOOKS = 40;
const RAMPS = 200;

interface Path {
  bad: number;
  all: number;
}

function send(random: Random, path: Path, commands: number, badShare: number): void {
  path.all += commands;
  for (let sent = 0; sent < commands; sent += 1) path.bad += Number(random.next() < badShare);
}

/** All windows hold the same: a ramp in its first minutes. */
function arm({ bad, all }: Path): Arm {
  const reading = { kind: 'counts', bad, all, coverage: 0.01 } as const;
  return { byWindow: new Map(windowsOf(LATENCY).map((windowMs) => [windowMs, reading])), query: '' };
}

/** What every look of a ramp at 25 % says, until one goes back. */
function ramp(random: Random, badOnNew: number): Accusation['kind'][] {
  const one: Path = { bad: 0, all: 0 };
  const legacy: Path = { bad: 0, all: 0 };
  const said: Accusation['kind'][] = [];
  while (said.length < LOOKS && !said.includes('rollback')) {
    send(random, one, 12, badOnNew);
    send(random, legacy, 36, SLOW);
    const [accused, control] = [arm(one), arm(legacy)];
    const judged = judgeObjective({ objective: LATENCY, accused, control, whole: accused, young: false });
    said.push(accuse(judged, false).kind);
  }
  return said;
}

describe('a ramp whose devices are slow on both transports', () => {
  const seed = testSeed();
  const ramps = (badOnNew: number) =>
    Array.from({ length: RAMPS }, (_, number) => ramp(seededRandom(seed + number), badOnNew));

  test('is found to have a common cause, and never goes back', () => {
    const all = ramps(SLOW);
    expect(all.filter((said) => said.includes('rollback'))).toEqual([]);
    expect(all.filter((said) => said.includes('common_cause')).length).toBeGreaterThan(RAMPS / 2);
  });

  test('goes back when new is four times as slow as that', () => {
    expect(ramps(4 * SLOW).filter((said) => said.includes('rollback')).length).toBe(RAMPS);
  });
});
