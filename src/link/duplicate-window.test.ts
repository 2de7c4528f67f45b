import fc from 'fast-check';
import { DuplicateWindow } from './duplicate-window';

const SETTINGS = { duplicateLimit: 3, duplicateTtlMs: 1_000 };
const packet = (messageId: number, text = 'a', type = 0x83) => ({ type, messageId, raw: Buffer.from(text) });

describe('a window of packets seen', () => {
  it('knows a packet that came before, and again after that', () => {
    const window = new DuplicateWindow(SETTINGS);
    expect([0, 1, 2].map((at) => window.isDuplicate(packet(7), at))).toEqual([false, true, true]);
  });

  it('tells types, message ids and contents apart', () => {
    const window = new DuplicateWindow({ ...SETTINGS, duplicateLimit: 99 });
    const packets = [packet(7), packet(8), packet(7, 'a', 0x73), packet(7, 'b')];
    expect(packets.map((one) => window.isDuplicate(one, 0))).toEqual([false, false, false, false]);
  });

  it('forgets a packet after its time', () => {
    const window = new DuplicateWindow(SETTINGS);
    window.isDuplicate(packet(7), 0);
    expect(window.isDuplicate(packet(7), 999)).toBe(true);
    expect(window.isDuplicate(packet(7), 1_999)).toBe(false);
  });

  it('forgets the packet seen longest ago when it is full', () => {
    const window = new DuplicateWindow(SETTINGS);
    for (const id of [1, 2, 3, 1, 4]) window.isDuplicate(packet(id), 0);
    expect([1, 3, 4].map((id) => window.isDuplicate(packet(id), 0))).toEqual([true, true, true]);
    expect(window.isDuplicate(packet(2), 0)).toBe(false);
  });

  it('agrees with a list of all that came, as long as nothing is forgotten', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });
    fc.assert(
      fc.property(ids, (sequence) => {
        const window = new DuplicateWindow({ duplicateLimit: 100, duplicateTtlMs: 1_000 });
        const found = sequence.map((id) => window.isDuplicate(packet(id), 0));
        expect(found).toEqual(sequence.map((id, place) => sequence.indexOf(id) < place));
      }),
    );
  });
});
