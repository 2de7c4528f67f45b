import { sleep, systemClock } from '../../src/kernel/clock';
import { randomInteger, seededRandom } from '../../src/kernel/random';
import { Company } from '../support/company';
import { field } from '../support/http';
import { isLongRun, testSeed } from '../support/long-run';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { until } from '../support/until';

const DOCUMENT_KEY = 'pointsman:{main}:document';
/** So many that, however the cohorts are drawn, some of a few devices are on new. */
const AT_START = 70;
const COMMANDS = 25;
const ROUNDS = Array.from({ length: isLongRun ? 20 : 1 }, (_, at) => testSeed() + at);
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
/** What an application is told before it has found the replica of a device. */
const ELSEWHERE = ['device.unknown', 'node.unknown', 'command.not_connected'];

interface Fault {
  readonly fault: string;
  /** Tried in the short run too; the others cost as much and are tried there against the store alone. */
  readonly always?: true;
  readonly options?: readonly string[];
  readonly begin: (server: RedisServer, company: Company) => unknown;
  readonly end?: (server: RedisServer) => unknown;
  /** What a raise is answered meanwhile; undefined where it would simply be done, or is no question. */
  readonly raise?: string;
  /** What a rollback is answered: it is in effect whatever that is. */
  readonly rollback: readonly number[];
}

/** Another type in the place of the document, in one step, so that nobody sees it gone. */
const SPOIL = "redis.call('DEL', KEYS[1]) return redis.call('RPUSH', KEYS[1], 'noise')";

let killing: (() => void) | undefined;

const FAULTS: readonly Fault[] = [
  {
    fault: 'is killed',
    always: true,
    options: DURABLE,
    begin: (server) => server.kill(),
    end: (server) => server.start(),
    raise: 'store.unavailable',
    rollback: [503],
  },
  {
    fault: 'is frozen',
    always: true,
    begin: (server) => server.freeze(),
    end: (server) => server.thaw(),
    raise: 'store.unavailable',
    rollback: [503],
  },
  {
    fault: 'becomes a read-only replica',
    begin: (server) => server.cli('replicaof', '127.0.0.1', '1'),
    end: (server) => server.cli('replicaof', 'no', 'one'),
    raise: 'store.unavailable',
    rollback: [503],
  },
  {
    fault: 'runs out of memory',
    begin: (server) => server.cli('config', 'set', 'maxmemory', '1'),
    end: (server) => server.cli('config', 'set', 'maxmemory', '0'),
    raise: 'store.unavailable',
    rollback: [503],
  },
  {
    fault: 'holds another type in the place of the document',
    always: true,
    begin: (server) => server.cli('eval', SPOIL, '1', DOCUMENT_KEY),
    end: (server) => server.cli('del', DOCUMENT_KEY),
    raise: 'store.refused',
    rollback: [503],
  },
  {
    fault: 'holds garbage in the place of the document',
    begin: (server) => server.cli('set', DOCUMENT_KEY, 'noise'),
    end: (server) => server.cli('del', DOCUMENT_KEY),
    raise: 'store.refused',
    rollback: [503],
  },
  {
    fault: 'is started again empty, below processes that remember',
    begin: (server) => server.restart(),
    rollback: [200, 503],
  },
  {
    fault: 'holds another document of the same revision, with more on new',
    always: true,
    begin: (server, company) => {
      const document = company.documentOf('a');
      const other = { ...document, plan: { ...document.plan, percentage: 90 }, writer: 'x#1' };
      const text = JSON.stringify({ format: 'pointsman-rollout/1', document: other });
      return server.cli('set', DOCUMENT_KEY, text);
    },
    rollback: [200, 503],
  },
  {
    fault: 'loses its subscribers all the time',
    begin: (server) => {
      killing = systemClock.every(
        100,
        () => void server.cli('client', 'kill', 'type', 'pubsub').catch(() => {}),
      );
    },
    end: () => killing?.(),
    rollback: [200],
  },
];

describe('three whole applications whose Redis', () => {
  const lab = new RedisLab();
  let company: Company | undefined;
  afterEach(async () => {
    killing?.();
    await company?.stop();
    company = undefined;
    await lab.close();
  });

  async function open(options: readonly string[] = []): Promise<{ server: RedisServer; company: Company }> {
    const server = await lab.server(...options);
    company = await Company.start(server);
    return { server, company };
  }

  async function ramp(made: Company): Promise<void> {
    // On a machine that is too busy even a healthy Redis is late; whoever gets no answer asks again.
    await until(async () => (await made.set('a', AT_START)).status === 200);
    await until(() => made.documents.every(({ plan }) => plan.percentage === AT_START));
    expect(made.onNew('c').length).toBeGreaterThan(0);
    await made.commands(COMMANDS);
  }

  /** Nothing but successes, and the questions of somebody who looks for a device. */
  async function expectNoFailures(made: Company): Promise<void> {
    const codes = await made.settle();
    expect(Object.keys(codes).filter((code) => code !== '200' && !ELSEWHERE.includes(code))).toEqual([]);
    expect(made.load.unanswered).toEqual([]);
    expect(made.fleet.totals().executedRepeats).toBe(0);
    expect(made.rises).toEqual([]);
  }

  describe.each(FAULTS.filter(({ always }) => isLongRun || always))('$fault', (row) => {
    test.each(ROUNDS)(
      'fail no command, hang nowhere, roll back at once and raise nothing (seed %i)',
      async (seed) => {
        const { server, company: made } = await open(row.options);
        await ramp(made);
        made.watch();
        await row.begin(server, made);
        await sleep(systemClock, randomInteger(seededRandom(seed), 0, 400));
        if (row.raise !== undefined) {
          const answer = await made.set('b', AT_START + 20);
          expect([answer.status, field(answer, 'code')]).toEqual([503, row.raise]);
        }
        for (const name of ['a', 'b'] as const) {
          const { status } = await made.rollBack(name);
          expect(row.rollback).toContain(status);
          expect([name, made.onNew(name)]).toEqual([name, []]);
        }
        await made.commands(COMMANDS);
        await row.end?.(server);
        await until(() => made.isRolledBack);
        await made.commands(COMMANDS);
        await expectNoFailures(made);
      },
      60_000,
    );
  });

  test('is started again empty, and they as well: nobody remembers, and nothing goes to new', async () => {
    const { server, company: first } = await open();
    await ramp(first);
    await first.stop();
    await server.restart();
    company = await Company.start(server);
    company.watch();
    await company.commands(COMMANDS);
    const plans = company.documents.map(({ plan, automation }) => [plan.percentage, automation.kind]);
    expect(plans).toEqual([0, 0, 0].map((percentage) => [percentage, 'manual']));
    await expectNoFailures(company);
    // Whoever looks out for what rises has open eyes.
    expect((await company.set('a', 100)).status).toBe(200);
    expect(company.rises.join('; ')).toMatch(/a: \d+ devices, revision 2 at 100 %/);
  });
});
