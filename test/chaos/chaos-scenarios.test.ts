import type { Action } from '../../src/protocol/actions';
import { CALM } from '../../src/simulator/chaos-settings';
import { isLongRun, testSeed } from '../support/long-run';
import { RecordedFacts } from '../support/recorded-facts';
import { leastLikely } from './binomial';
import { ChaosStack, type ChaosStackOptions } from './chaos-stack';
import { answering, bothWays, fromDevice, toDevice } from './faults';
import { runCommands } from './load';

const ON: Action = { command: 'power', on: true };
const BULB = { mix: { bulb: 1 } };
/** Enough repeats that the budget over all devices is not what is tested. */
const AMPLE_BUDGET = { budget: { capacity: 1_000_000, perTransmission: 10 } };

describe('under chaos', () => {
  const seed = testSeed();
  let stack: ChaosStack;
  let facts: RecordedFacts;

  async function start(options: ChaosStackOptions = {}): Promise<void> {
    facts = new RecordedFacts();
    stack = await ChaosStack.start({ fleet: BULB, ...options, observe: facts.observe });
  }

  afterEach(() => stack.stop());

  it('deterministic loss: with every fifth command packet lost all of 100 commands are applied', async () => {
    await start({ settings: { newTransport: { retries: 5 } } });
    const everyFifth = Array.from({ length: 100 }, (_, index) => 5 * (index + 1));
    stack.device().chaos.use(toDevice({ types: ['data'], loss: { rate: 0, pattern: everyFifth } }));
    const receipts = await runCommands(stack, { perDevice: 100 });
    expect(receipts.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
    // Of 124 packets 24 are lost and 100 arrive.
    expect(receipts.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(124);
    expect(stack.device().record.totals).toMatchObject({ received: 100, executed: 100, repeats: 0 });
    expect(stack.fleet.executionFaults()).toEqual([]);
  });

  const count = isLongRun ? 5_000 : 500;
  it(`probabilistic loss: ${count} commands at 10 % loss, seed ${seed}`, async () => {
    await start({ fleet: { ...BULB, size: 10, seed, recordLimit: count }, seed });
    stack.fleet.useChaos(toDevice({ types: ['data'], loss: { rate: 0.1, pattern: [] } }));
    const receipts = await runCommands(stack, { perDevice: count / 10 });
    const applied = receipts.filter(({ outcome }) => outcome === 'applied').length;
    expect(receipts).toHaveLength(count);
    expect(applied).toBeGreaterThanOrEqual(leastLikely({ trials: count, chance: 0.99, share: 0.01 }));
    expect(stack.fleet.executionFaults()).toEqual([]);
  });

  it('500 ms latency ± 50 ms: applied the first time, once the network has carried it', async () => {
    await start();
    stack.device().chaos.use(toDevice({ latency: { ms: 500, jitterMs: 50 } }));
    const receipt = await stack.command(ON, { deadlineMs: 2_000 });
    expect(receipt).toMatchObject({ outcome: 'applied', attempts: 1 });
    const [command] = stack.device().record.commands;
    const travelledMs = (command?.atMs ?? 0) - (stack.clock.now() - receipt.latencyMs);
    expect(Math.abs(travelledMs - 500)).toBeLessThanOrEqual(60);
  });

  it('duplicate delivery of half of all packets, both ways: each command changes the state once', async () => {
    await start({ fleet: { ...BULB, recordLimit: 1_000 }, seed });
    stack.device().chaos.use(bothWays({ duplicates: { rate: 0.5 } }));
    const receipts = await runCommands(stack, { perDevice: 100 });
    expect(receipts.map(({ outcome }) => outcome)).toEqual(new Array(100).fill('applied'));
    const { totals } = stack.device().record;
    expect(totals.repeats).toBeGreaterThan(20);
    expect(totals).toMatchObject({ executed: 100, executedRepeats: 0 });
    expect(stack.fleet.executionFaults()).toEqual([]);
  });

  it('reordering of 30 % of all packets by 100 ms: ten commands are carried out in their order', async () => {
    await start({ seed });
    stack.device().chaos.use(bothWays({ reordering: { rate: 0.3, delayMs: 100 } }));
    const levels = Array.from({ length: 10 }, (_, index) => 10 * (index + 1));
    const commands = levels.map((level) =>
      stack.submit({ command: 'brightness', level }, { deadlineMs: 10_000 }),
    );
    const receipts = await stack.untilDone(Promise.all(commands));
    expect(receipts.map(({ outcome }) => outcome)).toEqual(new Array(10).fill('applied'));
    expect(stack.device().chaos.tally.held).toBeGreaterThan(0);
    expect(stack.device().nodes[0]?.brightness).toBe(100);
    const executed = stack.device().record.commands.filter((command) => command.executed);
    const sequences = executed.map(({ meshSequence }) => meshSequence);
    expect(sequences).toHaveLength(10);
    expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
  });

  it('network partition: commands fail while it lasts and succeed when it is over', async () => {
    await start();
    stack.fleet.useChaos({ ...CALM, partition: 'both' });
    expect(await stack.command(ON)).toMatchObject({ outcome: 'timeout' });
    await stack.clock.advanceAsync(120_000);
    expect(facts.endReasons()).toContain('silent');
    expect(await stack.command(ON)).toMatchObject({ outcome: 'not_connected' });
    stack.fleet.useChaos(CALM);
    await stack.clock.advanceAsync(60_000);
    expect(await stack.command(ON)).toMatchObject({ outcome: 'applied', attempts: 1 });
    expect(stack.device().record.totals.received).toBe(1);
  });

  it('a partition of one way: the device carries out what it cannot confirm, and only once', async () => {
    await start();
    stack.fleet.useChaos({ ...CALM, partition: 'from_device' });
    const receipt = await stack.command(ON);
    expect(receipt.outcome).toBe('timeout');
    expect(receipt.attempts).toBeGreaterThan(1);
    expect(stack.device().record.totals).toMatchObject({ received: receipt.attempts, executed: 1 });
  });

  it('chaos confined to the new transport leaves legacy at 100 %', async () => {
    await start({ fleet: { ...BULB, size: 20 }, percentage: 50 });
    stack.fleet.useChaos({ ...CALM, only: 'new', partition: 'both' });
    const receipts = await runCommands(stack, { perDevice: 3 });
    const by = (transport: string) =>
      new Set(receipts.filter((receipt) => receipt.transport === transport).map(({ outcome }) => outcome));
    expect(by('legacy')).toEqual(new Set(['applied']));
    expect(by('new')).toEqual(new Set(['timeout']));
    expect(stack.fleet.totals().writtenBy.new).toBe(0);
    expect(facts.endReasons()).toEqual([]);
  });

  it('missing receipts: the reply alone ends a command as applied, without a repeat', async () => {
    await start();
    stack.fleet.useChaos(answering({ missingReceipts: { rate: 1 } }));
    expect(await stack.command(ON)).toMatchObject({ outcome: 'applied', attempts: 1 });
  });

  it('replies that come too late: the command ends as accepted, the next one as its own reply says', async () => {
    await start({ settings: { newTransport: { retries: 0 } } });
    stack.fleet.useChaos(answering({ lateReplies: { rate: 1, delayMs: 7_000 } }));
    expect(await stack.command(ON)).toMatchObject({ outcome: 'accepted', attempts: 1 });
    stack.fleet.useChaos(CALM);
    const next = stack.command({ command: 'power', on: false });
    expect(await next).toMatchObject({ outcome: 'applied' });
    await stack.clock.advanceAsync(5_000);
    expect(facts.of('answer').filter(({ outcome }) => outcome === 'late')).toMatchObject([
      { answer: 'reply' },
    ]);
  });

  it('refused commands: rejected at the first answer, never repeated, never carried out', async () => {
    await start();
    stack.fleet.useChaos(answering({ refusals: { rate: 1, status: 5 } }));
    expect(await stack.command(ON)).toMatchObject({ outcome: 'rejected', attempts: 1 });
    expect(stack.device().record.totals).toMatchObject({ received: 1, executed: 0, refused: 1 });
    expect(stack.device().nodes[0]?.on).toBe(false);
  });

  it('lost replies: a device that answers repeats is heard the second time, one that does not is in doubt', async () => {
    await start({ fleet: { mix: { bulb: 1, plug: 1 }, size: 20 } });
    // The first reply of each device is lost; receipts arrive.
    stack.fleet.useChaos(fromDevice({ types: ['data'], loss: { rate: 0, pattern: [1] } }));
    const outcomeOf = async (family: string) => {
      const device = stack.fleet.devices.find((candidate) => candidate.family.name === family);
      return device && (await stack.command(ON, { device })).outcome;
    };
    expect(await outcomeOf('bulb')).toBe('applied');
    expect(await outcomeOf('plug')).toBe('accepted');
    expect(stack.fleet.executionFaults()).toEqual([]);
  });

  it(`everything at once, seed ${seed}: every command gets one receipt, and none is carried out twice`, async () => {
    const settings = { newTransport: AMPLE_BUDGET };
    await start({ fleet: { ...BULB, size: 5, seed, recordLimit: 1_000 }, seed, settings });
    const path = {
      latency: { ms: 50, jitterMs: 50 },
      loss: { rate: 0.1, pattern: [] },
      duplicates: { rate: 0.2 },
      reordering: { rate: 0.2, delayMs: 200 },
      corruption: { rate: 0.05, bytes: 3 },
      cuts: { rate: 0.005 },
    };
    stack.fleet.useChaos(bothWays(path));
    const receipts = await runCommands(stack, { perDevice: 40 });
    expect(new Set(receipts.map(({ commandId }) => commandId)).size).toBe(200);
    expect(stack.fleet.totals().executedRepeats).toBe(0);
    stack.fleet.useChaos(CALM);
    await stack.clock.advanceAsync(120_000);
    expect(stack.fleet.status()).toEqual({ size: 5, connected: 5, ready: 5 });
  });
});
