import { atMost } from '../lib/aim.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';
import { startRedis } from '../lib/redis.mjs';
import { percentile } from '../lib/stats.mjs';

const REPLICAS = 3;

export const title = 'A change of the percentage until it is in effect on every one of three replicas';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const redis = await startRedis();
  const peers = Array.from({ length: REPLICAS }, (_, at) => replica(redis.url, at));
  try {
    await Promise.all(peers.map((peer) => peer.ready()));
    const fleet = new Replicas(peers);
    // As many as there are, so that the highest of a hundred is worth its name; a lost message costs a second each.
    const heard = quick ? 30 : 200;
    const polled = quick ? 6 : 30;
    const subjects = [
      ...withTwin([{ name: HEARD, measure: () => fleet.changes(heard) }], HEARD),
      { name: POLLED, measure: () => withoutMessages(redis, () => fleet.changes(polled)) },
    ];
    await fleet.changes(10);
    const samples = await interleave(subjects, quick ? 2 : 5);
    const names = [HEARD, twinOf(HEARD), POLLED];
    const figures = names.flatMap((name) =>
      ['p50', 'p99'].map((key) => samples.figure(name, key, 'ms', `${name}: ${key}`)),
    );
    const p99 = (name) => samples.figure(name, 'p99', 'ms');
    return {
      figures: [...figures, samples.figure(HEARD, 'stored', 'ms', `${HEARD}: until it is stored, p50`)],
      ratios: [samples.ratio(HEARD, twinOf(HEARD), 'p50')],
      aims: [
        atMost('change until effective on three replicas, p99', p99(HEARD), 250),
        atMost('the same without messages, p99', p99(POLLED), 2_000),
      ],
      notes: [
        'From the wish in one process until the router of the last of three processes follows it; each of them is the wish’s in turn.',
        'Without messages: Redis refuses to publish, so each replica finds the change by its poll, once a second with jitter.',
      ],
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
    redis.close();
  }
}

const HEARD = 'with messages';
const POLLED = 'without messages';

function replica(url, at) {
  const rollout = { seedPercentage: 0, holdback: 0, historyLimit: 100 };
  return new Peer('replica.mjs', [JSON.stringify({ replica: `r${at}`, store: { url }, rollout })]);
}

async function withoutMessages(redis, measure) {
  redis.cli('acl', 'setuser', 'default', '-publish');
  try {
    return await measure();
  } finally {
    redis.cli('acl', 'setuser', 'default', '+publish');
  }
}

class Replicas {
  #changes = 0;

  /** @param {readonly Peer[]} peers */
  constructor(peers) {
    this.peers = peers;
  }

  async changes(count) {
    const [effective, stored] = [new Float64Array(count), new Float64Array(count)];
    for (let number = 0; number < count; number += 1) {
      const { askedAt, answeredAt, lastAt } = await this.#change();
      effective[number] = lastAt - askedAt;
      stored[number] = answeredAt - askedAt;
    }
    return {
      p50: percentile(effective, 0.5),
      p99: percentile(effective, 0.99),
      stored: percentile(stored, 0.5),
    };
  }

  /** Raises only: what lowers is in effect before it is stored. */
  async #change() {
    this.#changes += 1;
    const percentage = this.#changes / 1_000;
    const asked = this.peers[this.#changes % this.peers.length];
    const { askedAt, answeredAt } = await asked.ask('set', percentage);
    const at = await Promise.all(this.peers.map((peer) => peer.ask('effective', percentage)));
    return { askedAt, answeredAt, lastAt: Math.max(...at) };
  }
}
