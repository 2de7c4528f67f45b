import { Secret } from '../kernel/secret';
import type { Reader, Writer } from './cursor';
import {
  decodeInner,
  encodeInner,
  type InnerFrame,
  type InnerFrameInit,
  type MalformedInner,
} from './inner-frame';

/** How one part of a packet body is read and written. The catalogue is made of these. */
export interface Field<Read, Write = Read> {
  read(reader: Reader): Read;
  write(writer: Writer, value: Write): void;
}

export const u8: Field<number> = {
  read: (reader) => reader.u8(),
  write: (writer, value) => writer.u8(value),
};

export const u16: Field<number> = {
  read: (reader) => reader.u16be(),
  write: (writer, value) => writer.u16be(value),
};

export const u32: Field<number> = {
  read: (reader) => reader.u32be(),
  write: (writer, value) => writer.u32be(value),
};

/** A signed 16-bit number, two's complement. */
export const i16: Field<number> = {
  read: (reader) => (reader.u16be() << 16) >> 16,
  write: (writer, value) => writer.u16be(value & 0xffff),
};

export const remaining: Field<Uint8Array> = {
  read: (reader) => reader.rest(),
  write: (writer, value) => writer.append(value),
};

/** Text in ASCII behind a 16-bit length. */
export const shortText: Field<string> = {
  read: (reader) => Buffer.from(reader.take(reader.u16be())).toString('latin1'),
  write(writer, value) {
    writer.u16be(value.length);
    writer.append(Buffer.from(value, 'latin1'));
  },
};

/** A login secret behind a 16-bit length. */
export const shortSecret: Field<Secret> = {
  read: (reader) => new Secret(reader.take(reader.u16be())),
  write(writer, value) {
    const bytes = value.expose();
    writer.u16be(bytes.length);
    writer.append(bytes);
  },
};

/** The 0x7E frame, to the end of the packet. */
export const innerFrame: Field<InnerFrame | MalformedInner, InnerFrameInit | MalformedInner> = {
  read: (reader) => decodeInner(reader.rest()),
  write: (writer, value) => writer.append(encodeInner(value)),
};

export type Layout = Readonly<Record<string, Field<unknown, never>>>;

/** The values that a body with this layout is read into. */
export type ReadValues<L extends Layout> = {
  readonly [Name in keyof L]: L[Name] extends Field<infer Read, never> ? Read : never;
};

/** The values that a body with this layout is written from. */
export type WriteValues<L extends Layout> = {
  readonly [Name in keyof L]: L[Name]['write'] extends (writer: Writer, value: infer Write) => void
    ? Write
    : never;
};
