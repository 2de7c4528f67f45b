import { receiptOf, replyOf, type MemoryDevice } from '../../../test/support/memory-device';
import { RELIABLE_SETTINGS, TransportBench } from '../../../test/support/transport-bench';
import { specProfile } from '../delivery/profiles';

/** Sends one command; the device answers its first transmission after `delayMs`. Returns how often it was transmitted. */
async function command(bench: TransportBench, device: MemoryDevice, delayMs: number): Promise<number> {
  device.clear();
  bench.deliver('new');
  await bench.clock.advanceAsync(delayMs);
  const [request] = device.all('data');
  if (!request) throw new Error('nothing came');
  device.send(receiptOf(request), replyOf(request));
  await bench.settle();
  return device.all('data').length;
}

describe('a device that has become slow', () => {
  it('is repeated to only until its pace is learned, though repeated commands teach nothing', async () => {
    const { bench, device } = await TransportBench.withDevice();
    for (let quick = 0; quick < 20; quick += 1) await command(bench, device, 60);
    const transmissions: number[] = [];
    for (let slow = 0; slow < 8; slow += 1) transmissions.push(await command(bench, device, 1_900));
    expect(transmissions[0]).toBeGreaterThan(1);
    expect(transmissions.slice(-4)).toEqual([1, 1, 1, 1]);
  });
});

describe('the budget over all devices', () => {
  it('lets an outage repeat no more commands than it holds', async () => {
    const reliable = { ...RELIABLE_SETTINGS, budget: { capacity: 5, perTransmission: 0 } };
    const { bench, device } = await TransportBench.withDevice({ reliable });
    for (let lost = 0; lost < 4; lost += 1) {
      bench.deliver('new');
      await bench.clock.advanceAsync(5_000);
    }
    expect(device.all('data')).toHaveLength(4 + 5);
    expect(bench.facts.of('repeat_denied').length).toBeGreaterThan(0);
    expect(bench.endings.map(({ outcome }) => outcome)).toEqual(new Array(4).fill('timeout'));
  });

  it('is not spent on a command that has no retries left', async () => {
    const reliable = {
      ...RELIABLE_SETTINGS,
      retry: { ...RELIABLE_SETTINGS.retry, retries: 0 },
      budget: { capacity: 1, perTransmission: 0 },
    };
    const { bench } = await TransportBench.withDevice({ reliable });
    bench.deliver('new');
    await bench.clock.advanceAsync(5_000);
    expect(bench.facts.of('repeat_denied')).toEqual([]);
  });
});

describe('the specification’s own numbers', () => {
  it('repeat a healthy command after 127.5 ms and the first pause, and take the receipt for the end', async () => {
    const { retry, budget } = RELIABLE_SETTINGS;
    const reliable = specProfile({ ...retry, baseMs: 0 }, budget);
    const { bench, device } = await TransportBench.withDevice({ reliable });
    bench.deliver('new');
    await bench.clock.advanceAsync(127);
    expect(device.all('data')).toHaveLength(1);
    await bench.clock.advanceAsync(1);
    expect(device.all('data')).toHaveLength(2);
    device.send(...device.all('data').map(receiptOf));
    await bench.clock.advanceAsync(4_000);
    expect(device.all('data')).toHaveLength(2);
  });
});
