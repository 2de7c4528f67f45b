import type { ChildProcess } from 'node:child_process';
import { systemClock } from '../../src/kernel/clock';
import { ManualClock } from '../../src/kernel/manual-clock';
import { decide } from '../../src/rollout/decide';
import { defaultLadder } from '../../src/rollout/default-ladder';
import { JudgementBoard } from '../../src/rollout/judgement-board';
import { Rollout } from '../../src/rollout/rollout';
import { Ticker } from '../../src/rollout/ticker';
import type { Question } from '../../src/slo/verdict';
import { SharedLease } from '../../src/store/lease';
import { MemoryNoticeboard } from '../../src/store/noticeboard';
import { RedisLeaseRegister } from '../../src/store/redis-lease';
import { compileInto, readLines, startChild } from '../support/child-program';
import { RedisLab } from '../support/redis-server';
import { PREFIX, RedisStoreBench } from '../support/redis-store';
import { judgementOf, ScriptedJudge, type Scripted } from '../support/scripted-judge';
import { inTemporaryFolder } from '../support/temporary-folder';
import { allIsWell } from '../support/ticking-replicas';
import { until } from '../support/until';

const BEGIN = Date.UTC(2026, 0, 1, 3);
const DAY_MS = 24 * 60 * 60_000;
/** Longer than the hold of the stage that lasts. */
const EIGHT_DAYS = 8 * DAY_MS;
const LEASE = { ttlMs: 1_000, marginMs: 100 };
const PATIENT = { commandTimeoutMs: 5_000, connectTimeoutMs: 5_000 };
const LADDER = defaultLadder(0);
const POLICY = { maxStep: 100, maxPins: 100 };
const FIRST = { holdback: 0, seed: { percentage: 0, mirror: false, cohort: [] }, ladder: LADDER };

/**
 * A leader that is stopped, as by a debugger or a host that swaps, at the worst moments; it looks once. When it goes on
 * and has seen what happened meanwhile, it tries once more in the name of the lease that it had.
 */
const LEADER = `
  const { systemClock } = require('./kernel/clock');
  const { systemRandom: random } = require('./kernel/random');
  const { ManualClock } = require('./kernel/manual-clock');
  const { decide } = require('./rollout/decide');
  const { defaultLadder } = require('./rollout/default-ladder');
  const { JudgementBoard } = require('./rollout/judgement-board');
  const { RedisPlanStore } = require('./rollout/redis-plan-store');
  const { Rollout } = require('./rollout/rollout');
  const { Ticker } = require('./rollout/ticker');
  const { SharedLease } = require('./store/lease');
  const { MemoryNoticeboard } = require('./store/noticeboard');
  const { RedisConnection } = require('./store/redis-connection');
  const { RedisLeaseRegister } = require('./store/redis-lease');

  const { url, prefix, lease: settings, connection: times, judgement, wallMs, laterMs, stopWhile } = JSON.parse(process.argv[2]);
  const say = (what) => process.stdout.write(what + '\\n');
  const observe = (fact) => fact.kind === 'ticked' && say('ticked ' + fact.outcome);
  let stopped = false;
  const stop = (where) => {
    if (stopped || where !== stopWhile) return;
    stopped = true;
    say('stops');
    process.kill(process.pid, 'SIGSTOP');
  };

  async function main() {
    const connection = new RedisConnection({ url, ...times }, { clock: systemClock, random });
    const store = new RedisPlanStore({
      connection, replica: 'paused', clock: systemClock, random, observe,
      settings: { prefix, historyLimit: 1000, pollMs: 100, documentLimitBytes: 65536, entryLimitBytes: 65536, waitReplicas: 0, waitMs: 200, firstReadMs: 10000 },
    });
    const write = store.write.bind(store);
    store.write = (document, entry, options) => {
      if (options.fencingToken !== undefined) stop('storing');
      return write(document, entry, options);
    };
    const clock = new ManualClock(wallMs);
    const ladder = defaultLadder(0);
    const policy = { maxStep: 100, maxPins: 100 };
    const rollout = new Rollout({
      clock, observe, store, replica: 'paused', act: () => {},
      decide: (document, event, writer) => decide(document, event, { policy, ladder, writer }),
      first: { holdback: 0, seed: { percentage: 0, mirror: false, cohort: [] }, ladder },
    });
    await rollout.open();
    const register = new RedisLeaseRegister(connection, prefix);
    const lease = new SharedLease({ register, owner: 'paused', settings, clock: systemClock, onFailure: say });
    const judged = () => ({ ...judgement, at: new Date(clock.wallNow()).toISOString() });
    const judge = { judge: async () => (stop('judging'), judged()) };
    const board = new JudgementBoard({ board: new MemoryNoticeboard(clock), replica: 'paused', ttlMs: 60000, observe });
    const ticker = new Ticker({ rollout, judge, lease, board, settings: { tickTimeoutMs: 60000, judgementTtlMs: 60000 }, clock, observe });
    const before = rollout.document.plan.revision;
    await lease.hold();
    const { token } = lease.belief;
    say('leads under ' + token);
    await ticker.tick();
    while (rollout.document.plan.revision === before) await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(laterMs);
    const late = { kind: 'tick', judgement: judged(), by: 'paused', reason: 'a regular look' };
    await rollout.apply(late, token).then(({ unchanged = 'took a step' }) => say(unchanged), ({ code }) => say('refused ' + code));
    await rollout.close();
    connection.close();
  }
  main().catch((error) => { say(error.stack); process.exit(1); });
`;

/** Without the days that have ended: to write them down would be a step of its own. */
function allIsWellToday(clock: ManualClock, question: Question): Scripted {
  return { ...allIsWell(clock)(question), days: [] };
}

/** The replica that takes over, in this process. */
async function successor(store: RedisStoreBench) {
  const clock = new ManualClock(BEGIN);
  const observe = (): void => {};
  const rollout = new Rollout({
    clock,
    observe,
    store: store.store,
    replica: 'successor',
    decide: (document, event, writer) => decide(document, event, { policy: POLICY, ladder: LADDER, writer }),
    first: FIRST,
    act: () => {},
  });
  await rollout.open();
  const register = new RedisLeaseRegister(store.connection, PREFIX);
  const onFailure = (): void => {};
  const lease = new SharedLease({
    register,
    owner: 'successor',
    settings: LEASE,
    clock: systemClock,
    onFailure,
  });
  const boards = new MemoryNoticeboard(clock);
  const board = new JudgementBoard({ board: boards, replica: 'successor', ttlMs: 60_000, observe });
  const settings = { tickTimeoutMs: 60_000, judgementTtlMs: 60_000 };
  const judge = new ScriptedJudge(clock, (question) => allIsWellToday(clock, question));
  const ticker = new Ticker({ rollout, judge, lease, board, settings, clock, observe });
  return { clock, rollout, lease, ticker };
}

describe('a leader that stands still for longer than its lease', () => {
  const lab = new RedisLab();
  let child: ChildProcess | undefined;

  afterEach(() => child?.kill('SIGKILL'));
  afterAll(() => lab.close());

  it.each(['judging', 'storing'])(
    'takes no second step when it goes on, and none later under its old token (stopped while %s)',
    (stopWhile) =>
      inTemporaryFolder(async (folder) => {
        compileInto(folder, ['kernel', 'store', 'routing', 'rollout', 'slo']);
        const server = await lab.server();
        const store = new RedisStoreBench(server, { replica: 'successor', pollMs: 100, connection: PATIENT });
        const { clock, rollout, lease, ticker } = await successor(store);
        await rollout.apply({ kind: 'resume', by: 'ana', reason: 'off we go' });
        clock.advance(EIGHT_DAYS);
        const wallMs = clock.wallNow();
        const since = new Date(BEGIN).toISOString();
        const judgement = judgementOf(allIsWellToday(clock, { generation: 1, stage: '', since }));
        const orders = { url: server.url, prefix: PREFIX, lease: LEASE, connection: PATIENT, judgement };
        const lines: string[] = [];
        child = startChild(folder, LEADER, [
          JSON.stringify({ ...orders, wallMs, laterMs: EIGHT_DAYS, stopWhile }),
        ]);
        const ended = readLines(child, (line) => lines.push(line));
        await until(() => lines.includes('stops'));
        expect(lines).toEqual(['leads under 1', 'stops']);

        await until(() => ticker.tick().then(() => lease.belief.held));
        await until(() => rollout.document.plan.percentage === 10);
        child.kill('SIGCONT');
        await ended;
        expect(lines.slice(2)).toEqual(['ticked overtaken', 'refused revision.mismatch']);
        expect(await server.cli('GET', `${PREFIX}:fence`)).toBe('2');

        // The one who leads now takes the step that was refused to the other.
        clock.advance(EIGHT_DAYS);
        await ticker.tick();
        const trail = [...(await rollout.history(100))].reverse();
        const steps = trail.filter(({ action }) => action === 'promote');
        expect(steps.map(({ after }) => after.percentage)).toEqual([10, 25]);
        expect(trail.map(({ after }) => after.revision)).toEqual(trail.map((_, at) => at + 1));
        await rollout.close();
        await store.close();
        await server.kill();
      }),
    60_000,
  );
});
