import { RecordedFacts } from '../../../test/support/recorded-facts';
import { deviceIds } from '../../../test/support/plans';
import { ManualClock } from '../../kernel/manual-clock';
import { MemoryNoticeboard, NOTICEBOARD_LIMITS, type Noticeboard } from '../../store/noticeboard';
import type { KnownMember } from './device-sample';
import { SAMPLED_COHORT, SAMPLED_OTHERS, type MeasuredRates } from './evidence-notice';
import { FleetEvidence } from './fleet-evidence';

const TTL_MS = 15_000;
const LONG_MS = 3_600_000;
const NEVER = { spoken: false, decided: false };
const SPOKE = { spoken: true, decided: false };

/** One replica, and what it has counted. */
class Replica {
  generation = 1;
  mirror = { compared: 0, disagreed: 0 };
  members: KnownMember[] = [];
  remembered: readonly string[] = [];
  rates: MeasuredRates | undefined;
  readonly facts = new RecordedFacts();
  readonly evidence: FleetEvidence;

  constructor(
    readonly name: string,
    board: Noticeboard,
  ) {
    this.evidence = new FleetEvidence({
      board,
      replica: name,
      own: {
        mirror: (generation) =>
          generation === this.generation ? this.mirror : { compared: 0, disagreed: 0 },
        members: () => this.members,
        remembered: () => this.remembered,
        rates: () => this.rates,
      },
      generation: () => this.generation,
      ttlMs: TTL_MS,
      observe: this.facts.observe,
    });
  }

  knows(ids: readonly string[], moved: KnownMember['moved']): this {
    this.members.push(...ids.map((deviceId) => ({ deviceId, moved })));
    return this;
  }
}

describe('what the replicas have counted', () => {
  let clock: ManualClock;
  let board: MemoryNoticeboard;
  let a: Replica;
  let b: Replica;
  const there = (...names: string[]) =>
    Promise.all(names.map((name) => board.post('replicas', name, 'I am here', LONG_MS)));

  beforeEach(async () => {
    clock = new ManualClock();
    board = new MemoryNoticeboard(clock);
    [a, b] = [new Replica('a', board), new Replica('b', board)];
    await there('a', 'b');
  });

  test('is added up by whoever judges', async () => {
    a.mirror = { compared: 100, disagreed: 1 };
    b.mirror = { compared: 50, disagreed: 2 };
    await b.evidence.post();
    const { mirror } = await a.evidence.gather(1);
    expect(mirror).toEqual({ compared: 150, disagreed: 3, replicas: 2, missing: [] });
  });

  test('counts a device that two of them know once, as having spoken if one of them has heard it', async () => {
    const [roaming = '', silent = '', own = '', legacy = ''] = deviceIds(4);
    a.knows([roaming, silent], NEVER).knows([own], { spoken: true, decided: true });
    b.knows([roaming], SPOKE).knows([silent], NEVER).knows([legacy], undefined);
    await b.evidence.post();
    const { coverage } = await a.evidence.gather(1);
    expect(coverage).toMatchObject({ known: 4, devices: 3, spoken: 2, decided: 1, sampled: 1 });
  });

  test('knows which devices somebody remembers and nobody has heard of since', async () => {
    const [here = '', there = '', gone = ''] = deviceIds(3);
    a.knows([here], SPOKE).remembered = [here, there, gone];
    b.knows([there], SPOKE).remembered = [gone];
    await b.evidence.post();
    const { coverage } = await a.evidence.gather(1);
    expect(coverage).toMatchObject({ known: 2, devices: 2, spoken: 2, absent: 1 });
  });

  test('is a lower bound, and says whose part it lacks, while a replica that is there has told nothing', async () => {
    a.mirror = { compared: 100, disagreed: 0 };
    await there('c');
    await b.evidence.post();
    const { mirror, coverage } = await a.evidence.gather(1);
    expect(mirror).toEqual({ compared: 100, disagreed: 0, replicas: 2, missing: ['c'] });
    expect(coverage.missing).toEqual(['c']);
  });

  test.each([
    ['of another generation', () => ((b.generation = 2), b.evidence.post())],
    ['too old', () => b.evidence.post().then(() => clock.advance(TTL_MS))],
    ['of another version', () => board.post('evidence', 'b', '{"generation":1}', TTL_MS)],
    ['no JSON', () => board.post('evidence', 'b', 'x', TTL_MS)],
  ])('does not hold what is %s', async (_name, post) => {
    b.mirror = { compared: 50, disagreed: 0 };
    await post();
    expect((await a.evidence.gather(1)).mirror).toEqual({
      compared: 0,
      disagreed: 0,
      replicas: 1,
      missing: ['b'],
    });
  });

  test('does not miss a replica that has gone', async () => {
    await b.evidence.post();
    await board.post('replicas', 'b', '', 1);
    expect((await a.evidence.gather(1)).mirror).toMatchObject({ replicas: 1, missing: [] });
  });

  test('is each one’s own while the board is away, with all others missing, and the log says so once', async () => {
    await a.evidence.gather(1);
    jest.spyOn(board, 'read').mockRejectedValue(new Error('no answer'));
    a.mirror = { compared: 7, disagreed: 0 };
    for (let look = 0; look < 3; look += 1)
      expect((await a.evidence.gather(1)).mirror).toMatchObject({ compared: 7, missing: ['b'] });
    expect(a.facts.of('noticeboard_failed')).toHaveLength(1);
  });

  test('is told to nobody by a replica that is alone', async () => {
    await board.post('replicas', 'b', '', 1);
    await a.evidence.post();
    expect(await board.read('evidence')).toEqual(new Map());
  });

  test('holds the rates of whoever has measured longest', async () => {
    a.rates = { firstFailures: 1, breakages: 1, seconds: 300 };
    b.rates = { firstFailures: 0.2, breakages: 0.1, seconds: 86_400 };
    await b.evidence.post();
    expect((await a.evidence.gather(1)).guardRates).toEqual({ firstFailures: 0.2, breakages: 0.1 });
    b.rates = undefined;
    await b.evidence.post();
    expect((await a.evidence.gather(1)).guardRates).toEqual({ firstFailures: 1, breakages: 1 });
  });

  test('fits on the board whatever the fleet', async () => {
    const ids = deviceIds(2 * (SAMPLED_COHORT + SAMPLED_OTHERS));
    b.mirror = { compared: Number.MAX_SAFE_INTEGER, disagreed: Number.MAX_SAFE_INTEGER };
    b.rates = { firstFailures: 1 / 3, breakages: 1 / 7, seconds: 86_400 };
    // As many as a notice holds without leaving any out.
    b.knows(ids.slice(0, SAMPLED_COHORT), SPOKE);
    b.knows(ids.slice(SAMPLED_COHORT, SAMPLED_COHORT + SAMPLED_OTHERS), undefined);
    await b.evidence.post();
    const [notice = ''] = (await board.read('evidence')).values();
    expect(notice.length).toBeGreaterThan(0);
    expect(notice.length).toBeLessThan(NOTICEBOARD_LIMITS.bytes);
    expect((await a.evidence.gather(1)).coverage).toMatchObject({ devices: SAMPLED_COHORT, missing: [] });
  });
});
