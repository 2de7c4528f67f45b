import { ManualClock } from '../kernel/manual-clock';
import { settledFact } from '../../test/support/every-fact';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { Recorder } from '../telemetry/recorder';
import { DEFAULT_OBJECTIVES, type Objective } from './objectives';
import { CountCells } from './process/count-cells';
import { OwnHistory } from './process/own-history';
import { Slots } from './process/slots';
import { KEY_LABEL, vectorOf } from './prometheus/vector';
import { Witness } from './witness';

const [SUCCESS] = DEFAULT_OBJECTIVES as [Objective];
const LAG_MS = 60_000;

function bench() {
  const clock = new ManualClock();
  const recorder = new Recorder(1);
  const slots = new Slots([SUCCESS]);
  const cells = new CountCells(slots.size, { fineMs: 3_600_000, keptMs: 3_600_000, maxCells: 100 });
  const history = new OwnHistory({ counters: recorder, slots, cells, clock, maxSnapshots: 64 });
  const facts = new RecordedFacts();
  const scraped = { newAll: 0, missing: false };
  const witness = new Witness({
    client: {
      query: (_text, keys) => {
        const result = [...keys].map((key) => ({
          metric: { [KEY_LABEL]: key },
          value: [0, String(key === 'command-success new all' ? scraped.newAll : 0)],
        }));
        const body = {
          status: 'success',
          data: { resultType: 'vector', result: scraped.missing ? [] : result },
        };
        return Promise.resolve(vectorOf(JSON.stringify(body), keys));
      },
    },
    history,
    slots,
    objectives: [SUCCESS],
    replica: 'a',
    lagMs: LAG_MS,
    observe: facts.observe,
  });
  /** Commands end, time passes, and it looks. */
  const look = async (commands: number): Promise<readonly string[]> => {
    for (let at = 0; at < commands; at += 1) recorder.record(settledFact());
    history.take();
    clock.advance(LAG_MS);
    await witness.compare(1);
    return witness.disagreements;
  };
  return { look, scraped, facts };
}

describe('two witnesses of the same counters', () => {
  test('agree on whatever the counter was within the lag', async () => {
    const { look, scraped } = bench();
    for (const [commands, seen] of [
      [10, 10],
      [10, 20],
      [0, 20],
    ] as const) {
      scraped.newAll = seen;
      expect(await look(commands)).toEqual([]);
    }
  });

  test.each([
    ['more than there ever was', 11],
    ['less than there was before the lag', 9],
  ])('disagree on %s, when it lasts', async (_what, seen) => {
    const { look, scraped, facts } = bench();
    scraped.newAll = seen;
    expect(await look(10)).toEqual([]);
    expect(await look(0)).toEqual([]);
    expect(await look(0)).toEqual([`command-success new all: ${seen} in Prometheus, 10 to 10 here`]);
    expect(facts.of('witnesses_disagree')).toMatchObject([{ disagree: true }]);
    scraped.newAll = 10;
    expect(await look(0)).toEqual([]);
    expect(facts.of('witnesses_disagree')).toMatchObject([{ disagree: true }, { disagree: false }]);
  });

  test('disagree when Prometheus does not know this process', async () => {
    const { look, scraped } = bench();
    scraped.missing = true;
    await look(0);
    await look(0);
    expect(await look(0)).toHaveLength(4);
  });
});
