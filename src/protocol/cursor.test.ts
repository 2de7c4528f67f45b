import fc from 'fast-check';
import { Reader, ShortRead, u16leAt, u32beAt, u32leAt, Writer } from './cursor';

describe('Reader', () => {
  it('reads numbers big-endian and moves on by their size', () => {
    const reader = new Reader(Uint8Array.of(0x01, 0x02, 0x03, 0xfe, 0xdc, 0xba, 0x98, 0x07));
    expect([reader.u8(), reader.u16be(), reader.u32be(), reader.left]).toEqual([1, 0x0203, 0xfedcba98, 1]);
  });

  it('hands out views of the bytes, not copies', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const reader = new Reader(bytes, 1);
    const taken = reader.take(2);
    bytes[1] = 9;
    expect([...taken, ...reader.rest()]).toEqual([9, 3, 4]);
  });

  it('refuses to read past its end and stays where it was', () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 4), 0, 3);
    expect(() => reader.u32be()).toThrow(ShortRead);
    expect(() => reader.take(4)).toThrow('wanted 4 more bytes, 3 left');
    expect(reader.u16be()).toBe(0x0102);
    expect(() => reader.u16be()).toThrow(ShortRead);
    expect(reader.u8()).toBe(3);
    expect(() => reader.u8()).toThrow(ShortRead);
  });
});

describe('Writer', () => {
  it('writes what a reader reads, however small it started', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.nat(0xff),
        fc.nat(0xffff),
        fc.nat(0xffffffff),
        fc.uint8Array({ maxLength: 300 }),
        (size, byte, short, long, tail) => {
          const writer = new Writer(size);
          writer.u8(byte);
          writer.u16be(short);
          writer.u32be(long);
          writer.append(tail);
          const reader = new Reader(writer.finish());
          expect([reader.u8(), reader.u16be(), reader.u32be()]).toEqual([byte, short, long]);
          expect([...reader.rest()]).toEqual([...tail]);
        },
      ),
    );
  });
});

describe('numbers at a place', () => {
  const bytes = Uint8Array.of(0, 0x81, 0x82, 0x83, 0x84);

  it('are unsigned in both byte orders', () => {
    expect(u32beAt(bytes, 1)).toBe(0x81828384);
    expect(u32leAt(bytes, 1)).toBe(0x84838281);
    expect(u16leAt(bytes, 1)).toBe(0x8281);
  });
});
