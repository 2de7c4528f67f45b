import { genuineLines } from '../../test/support/corpus';
import { DeviceBench } from '../../test/support/device-bench';
import { toHex } from '../protocol/hex';
import { FAMILIES } from './families';
import { newNode } from './population';

/**
 * The captured plug, 37962469, is asked what the captured cloud asked it; what it answers
 * must be what it answered, byte for byte.
 */
const captured = genuineLines()
  .filter((line) => line.file === 'session_cynclan_plug.jsonl' && line.dir === 'dev_to_cloud')
  .map((line) => toHex(line.bytes));

function expectCaptured(hex: string): void {
  expect(captured.filter((read) => read.includes(hex))).not.toHaveLength(0);
}

describe('a simulated plug and the captured one', () => {
  test('write the same firmware reports after power-up', async () => {
    const bench = new DeviceBench({ family: 'plug' });
    const controller = await bench.accept();
    await bench.clock.advanceAsync(3000);
    const reports = controller.hex.filter((hex) => hex.startsWith('83'));
    expect(reports).toHaveLength(2);
    reports.forEach(expectCaptured);
  });

  test('introduce themselves in the same shape', async () => {
    const controller = await new DeviceBench({ family: 'plug' }).dial();
    expect(controller.hex).toHaveLength(1);
    expect(controller.hex[0]).toMatch(/^230000001a03379624690010(31653037)([0-9a-f]{24})00003c$/);
  });

  test('answer the announce with the same 1,024 bytes', async () => {
    const bench = new DeviceBench({ family: 'plug' });
    const controller = await bench.accept();
    controller.sendHex('a3000000072de4b5d2152b00');
    await bench.clock.advanceAsync(0);
    const answer = controller.hex.find((hex) => hex.startsWith('ab')) ?? '';
    expect(answer).toHaveLength(2048);
    expectCaptured(answer);
  });

  test('reply to power on with the same receipt, reply and datapoints, and a status of the same meaning', async () => {
    const bench = new DeviceBench({ family: 'plug' });
    const controller = await bench.ready();
    controller.sendHex('730000001f2de4b5d21537007e21000000f8d00d0021000000000500d01102010000e77e');
    await bench.clock.advanceAsync(1000);
    const [receipt = '', reply = '', status = '', datapoints = ''] = controller.hex;
    expect(controller.kinds()).toEqual(['receipt', 'data', 'status', 'datapoints']);
    expectCaptured(receipt);
    expectCaptured(reply.slice(22));
    expect(reply.slice(0, 18)).toBe('73000000132de4b5d2');
    expectCaptured(datapoints);
    // Apart from its message id and its mesh sequence, which count up from power-up.
    expectCaptured(status.slice(0, 18));
    expectCaptured(status.slice(22, 42));
    expectCaptured(status.slice(48, -4));
  });

  test('list the mesh in the same page', async () => {
    const node = (number: number) => newNode(number, FAMILIES.plug);
    const bench = new DeviceBench({
      family: 'plug',
      overrides: {
        nodes: [
          node(5),
          { ...node(7), on: true, tone: 100 },
          { ...node(3), brightness: 0, tone: 50 },
          { ...node(2), brightness: 0, tone: 50 },
        ],
      },
    });
    const controller = await bench.ready();
    controller.sendHex('73000000182de4b5d2152c007e1f000000f85206000000ffff0000567e');
    await bench.clock.advanceAsync(1000);
    expect(controller.kinds()).toEqual(['receipt', 'data']);
    expectCaptured(controller.hex[1]?.slice(22) ?? '');
  });
});
