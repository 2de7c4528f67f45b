import fc from 'fast-check';
import { DEVICE, frameOf, receiptOf, replyOf, type MemoryDevice } from '../../test/support/memory-device';
import { DEADLINE_MS, IDLE_TIMERS, TransportBench } from '../../test/support/transport-bench';
import { decodeMeshPdu } from '../protocol/mesh-pdu';
import { LinkDeliverer } from './link-deliverer';
import type { InFlight } from './transport';

const TRANSPORTS = ['new', 'legacy'] as const;

function destination(device: MemoryDevice): number | undefined {
  const [request] = device.all('data');
  return request && decodeMeshPdu(frameOf(request).data)?.destination;
}

describe('a command without a link', () => {
  it.each([
    ['device that is not connected', { deviceId: '00000001' }],
    ['device never seen', { deviceId: 'ffffffff' }],
  ])('is not begun for a %s', async (_, change) => {
    const { bench } = await TransportBench.withDevice();
    expect(bench.deliver('new', change)).toBeUndefined();
    await bench.clock.advanceAsync(DEADLINE_MS);
    expect([bench.endings, bench.clock.pendingTimers]).toEqual([[], IDLE_TIMERS]);
  });

  it('is not begun for a device that has not said which node it is, unless the command names one', async () => {
    const bench = new TransportBench();
    const device = await bench.identified();
    await bench.clock.advanceAsync(6_000);
    expect(bench.deliver('new')).toBeUndefined();
    expect(bench.deliver('new', { node: 0x8010 })).toBeDefined();
    await bench.settle();
    expect(destination(device)).toBe(0x8010);
  });

  it('is not begun over a transport that was removed', async () => {
    const { bench } = await TransportBench.withDevice();
    const { clock } = bench;
    const linkOf = (): ReturnType<typeof bench.link> => bench.link();
    const deliverer = new LinkDeliverer({ clock, observe: () => {}, transports: [], linkOf });
    expect(deliverer.deliver(bench.command(), 'legacy', () => {})).toBeUndefined();
  });
});

describe.each(TRANSPORTS)('a command over %s', (transport) => {
  it('goes to the node it names, else to the device’s own', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver(transport);
    await bench.settle();
    expect(destination(device)).toBe(5);
    device.send(...device.all('data').map((request) => replyOf(request)));
    await bench.settle();
    device.clear();
    bench.deliver(transport, { node: 9 });
    await bench.settle();
    expect(destination(device)).toBe(9);
  });

  it.each([
    [0, 'applied'],
    [1, 'rejected'],
    [0xff, 'rejected'],
  ])('with reply %d is %s', async (status, outcome) => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver(transport);
    await bench.settle();
    device.send(...device.all('data').map((request) => replyOf(request, status)));
    await bench.settle();
    expect(bench.outcomes()).toEqual([`${outcome} 1 0`]);
  });

  it('is lost when the connection is, and leaves nothing behind', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver(transport);
    await bench.clock.advanceAsync(10);
    device.close();
    await bench.clock.advanceAsync(DEADLINE_MS);
    expect(bench.outcomes()).toEqual(['connection_lost 1 10']);
    expect(bench.clock.pendingTimers).toBe(IDLE_TIMERS);
  });

  it('frees the link at its end, while its late receipt is still its own', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver(transport);
    await bench.settle();
    const [first] = device.all('data');
    if (!first) throw new Error('nothing came');
    device.send(replyOf(first));
    await bench.settle();
    bench.deliver(transport === 'new' ? 'legacy' : 'new');
    device.send(receiptOf(first));
    await bench.clock.advanceAsync(DEADLINE_MS);
    const receipts = bench.facts.of('answer').filter(({ answer }) => answer === 'receipt');
    expect(receipts).toMatchObject([{ transport, outcome: 'matched' }]);
    const lost = bench.facts.of('transmission_unanswered').filter((fact) => fact.transport === transport);
    expect(lost).toEqual([]);
  });

  it('takes no receipt for its own after its deadline', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver(transport);
    await bench.clock.advanceAsync(DEADLINE_MS);
    device.send(...device.all('data').slice(0, 1).map(receiptOf));
    await bench.settle();
    expect(bench.facts.of('answer').map(({ outcome }) => outcome)).toEqual(['late']);
  });

  it('ends within the call when the first write fills the buffer, and leaves no timer', async () => {
    const { bench, device } = await TransportBench.withDevice({ settings: { sendBufferLimitBytes: 20 } }, 10);
    device.pause();
    bench.deliver(transport);
    expect(bench.outcomes()).toEqual(['connection_lost 1 0']);
    expect(bench.clock.pendingTimers).toBe(IDLE_TIMERS);
    await bench.clock.advanceAsync(DEADLINE_MS);
    expect(bench.endings).toHaveLength(1);
    expect(bench.facts.of('drain_timeout')).toEqual([]);
  });

  it('may be followed by the next from within its own end', async () => {
    const { bench, device } = await TransportBench.withDevice();
    const ends: string[] = [];
    bench.deliverer.deliver(bench.command(), transport, ({ outcome }) => {
      ends.push(outcome);
      bench.deliver(transport === 'new' ? 'legacy' : 'new');
    });
    await bench.settle();
    device.send(...device.all('data').map((request) => replyOf(request)));
    await bench.settle();
    expect(ends).toEqual(['applied']);
    expect(device.all('data')).toHaveLength(2);
  });
});

/** What may happen while a command is under way. */
type Happening =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'receipt' | 'close' | 'supersede' | 'pause' | 'resume' | 'hand_over' }
  | { readonly kind: 'reply'; readonly status: number };

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(3_000) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('receipt' as const, 'pause' as const, 'resume' as const, 'hand_over' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'supersede' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reply' as const), status: fc.nat(1) }) },
);

async function happen(
  event: Happening,
  bench: TransportBench,
  device: MemoryDevice,
  flight: InFlight | undefined,
) {
  const requests = device.all('data');
  if (event.kind === 'receipt') device.send(...requests.slice(-1).map(receiptOf));
  if (event.kind === 'reply')
    device.send(...requests.slice(-1).map((request) => replyOf(request, event.status)));
  if (event.kind === 'close') device.close();
  if (event.kind === 'supersede') await bench.identified(DEVICE);
  if (event.kind === 'pause') device.pause();
  if (event.kind === 'resume') device.resume();
  if (event.kind === 'hand_over') flight?.handOver(bench.clock.now() + 1_000);
  await bench.clock.advanceAsync(event.kind === 'wait' ? event.ms : 0);
}

describe('whatever happens on the way', () => {
  it('a command ends exactly once, by its deadline, and leaves neither timer nor exchange', async () => {
    const script = fc.array(happenings, { maxLength: 12 });
    const pipe = fc.constantFrom(10, 60, 16_384);
    const limit = fc.constantFrom(30, 60, 262_144);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TRANSPORTS),
        pipe,
        limit,
        script,
        async (transport, size, bytes, events) => {
          const { bench, device } = await TransportBench.withDevice(
            { settings: { sendBufferLimitBytes: bytes } },
            size,
          );
          const flight = bench.deliver(transport);
          await bench.settle();
          for (const event of events) await happen(event, bench, device, flight);
          await bench.clock.advanceAsync(DEADLINE_MS);
          expect(bench.endings).toHaveLength(1);
          expect(bench.endings[0]?.latencyMs).toBeLessThanOrEqual(DEADLINE_MS);
          expect(bench.clock.pendingTimers).toBe(IDLE_TIMERS);
          const link = bench.registry.link('37962469');
          expect(() => link?.openExchange(transport === 'new' ? 'legacy' : 'new', [])).not.toThrow();
          const transmissions = bench.facts.of('transmission').length;
          expect(transmissions).toBeLessThanOrEqual(transport === 'new' ? 4 : 1);
          expect(bench.endings[0]?.attempts).toBe(transmissions);
        },
      ),
      { numRuns: 150 },
    );
  });
});
