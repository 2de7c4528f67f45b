import type { RecordedCommand } from './command-record';
import { executionFaults } from './execution-faults';

const DEVICE = '37962469';

function arrival(meshSequence: number, over: Partial<RecordedCommand> = {}): RecordedCommand {
  const about = { atMs: 0, messageId: 1, opcode: 0xd0, node: 5 };
  return { ...about, meshSequence, executed: true, repeat: false, refused: false, ...over };
}

describe('exactly once', () => {
  it('holds for commands that were carried out, and for repeats that were not', () => {
    const repeat = arrival(1, { repeat: true, executed: false });
    expect(executionFaults(DEVICE, [arrival(1), repeat, arrival(2)])).toEqual([]);
  });

  it.each([
    ['twice', [arrival(1), arrival(1, { repeat: true })], 2],
    ['never', [arrival(1, { executed: false })], 0],
  ])('is broken by a command that was carried out %s', (_how, commands, executed) => {
    expect(executionFaults(DEVICE, commands)).toEqual([{ deviceId: DEVICE, meshSequence: 1, executed }]);
  });

  it('does not ask for what was refused, unless it was carried out twice later', () => {
    const refused = arrival(1, { executed: false, refused: true });
    expect(executionFaults(DEVICE, [refused])).toEqual([]);
    expect(executionFaults(DEVICE, [refused, arrival(1)])).toEqual([]);
  });

  it('says nothing of a repeat whose first arrival is not recorded any more', () => {
    expect(executionFaults(DEVICE, [arrival(1, { repeat: true, executed: false })])).toEqual([]);
  });
});
