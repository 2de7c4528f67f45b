import { commandPacket, DeviceBench } from '../../test/support/device-bench';
import { REPLY } from '../protocol/inner-frame';
import { CALM } from './chaos-settings';

const ON = { command: 'power', on: true } as const;

describe('a simulated device under chaos', () => {
  it('refuses a command with the status it was told, and carries it out when it comes again in calm', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    const { device, clock } = bench;
    device.chaos.use({ ...CALM, answers: { ...CALM.answers, refusals: { rate: 1, status: 9 } } });
    controller.send(commandPacket(ON));
    await clock.advanceAsync(100);
    expect(controller.all('data').map(({ inner }) => inner)).toMatchObject([
      { direction: REPLY, data: Uint8Array.of(9) },
    ]);
    expect(device.nodes[0]?.on).toBe(false);
    expect(device.record.totals).toMatchObject({ received: 1, refused: 1, executed: 0 });
    expect(device.chaos.tally.refused).toBe(1);
    device.chaos.use(CALM);
    controller.send(commandPacket(ON));
    await clock.advanceAsync(100);
    expect(device.record.totals).toMatchObject({ received: 2, refused: 1, executed: 1, repeats: 0 });
  });

  it.each([
    ['new', 7, 0],
    ['legacy', 0, 2],
  ])(
    'confined to the new transport takes the answers to commands of %s',
    async (_writer, messageId, answers) => {
      const bench = new DeviceBench();
      const controller = await bench.ready();
      bench.device.chaos.use({ ...CALM, only: 'new', partition: 'from_device' });
      controller.send(commandPacket(ON, { messageId }));
      await bench.clock.advanceAsync(1_000);
      expect(controller.all('receipt').length + controller.all('data').length).toBe(answers);
      // What the device reports of itself is no answer.
      expect(controller.all('status')).toHaveLength(1);
    },
  );

  it.each([
    ['new', 7, 1],
    ['legacy', 0, 0],
  ])('confined to the new transport refuses commands of %s', async (_writer, messageId, refused) => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    const answers = { ...CALM.answers, refusals: { rate: 1, status: 9 } };
    bench.device.chaos.use({ ...CALM, only: 'new', answers });
    controller.send(commandPacket(ON, { messageId }));
    await bench.clock.advanceAsync(100);
    expect(bench.device.record.totals.refused).toBe(refused);
  });

  it('sends heartbeats on its own time though nothing of it arrives', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    bench.device.chaos.use({ ...CALM, partition: 'from_device' });
    await bench.clock.advanceAsync(60_000);
    expect(bench.device.chaos.tally.dropped).toBe(3);
    expect(controller.all('heartbeat')).toEqual([]);
  });

  it('escapes its frames when its firmware does', async () => {
    const bench = new DeviceBench({ family: 'old_bulb' });
    const controller = await bench.ready();
    controller.send(commandPacket(ON, { sequence: 0x7e7d }));
    await bench.clock.advanceAsync(100);
    expect(controller.all('data')[0]?.inner).toMatchObject({
      escaped: true,
      sequence: 0x7e7d,
      checksumOk: true,
    });
  });
});
