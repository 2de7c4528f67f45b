import { parseCaptureLine } from './capture-line';

function reasonOf(text: string): string {
  const line = parseCaptureLine(text);
  return line.kind === 'bad' ? line.reason : line.kind;
}

describe('parseCaptureLine', () => {
  it('reads a JSON line and leaves alone the fields that it does not know', () => {
    const record = {
      source: 'x',
      ts: 'T',
      dir: 'dev_to_cloud',
      conn: 'plug',
      hex: 'D3 00000000',
      read: true,
    };
    expect(parseCaptureLine(` ${JSON.stringify(record)}\r`)).toEqual({
      kind: 'read',
      read: { ts: 'T', dir: 'dev_to_cloud', conn: 'plug', bytes: Uint8Array.of(0xd3, 0, 0, 0, 0) },
    });
  });

  it('needs only the bytes', () => {
    const read = { ts: '', dir: undefined, conn: '', bytes: Uint8Array.of(0xd8) };
    expect(parseCaptureLine('{"hex":"d8"}')).toEqual({ kind: 'read', read });
    expect(parseCaptureLine('d8')).toEqual({ kind: 'read', read });
  });

  it('takes a read without bytes for a read, and a line without anything for none', () => {
    expect(parseCaptureLine('{"hex":""}')).toMatchObject({
      kind: 'read',
      read: { bytes: new Uint8Array(0) },
    });
    expect(parseCaptureLine(' \t')).toEqual({ kind: 'blank' });
  });

  it.each([
    ['{"hex":"d8"', /not valid JSON/],
    ['{"ts":"now"}', /^"hex": /],
    ['{"hex":"d8","dir":"up"}', /^"dir": .*dev_to_cloud/],
    ['{"hex":"d8","conn":7,"ts":1}', /^"ts": .*; "conn": /],
    ['{"hex":"d8","ts":"\\u001b[31mred"}', /^"ts": must be printable ASCII/],
    ['{"hex":"d"}', /hex digits/],
    ['hello', /hex digits/],
    ['[1]', /hex digits/],
  ])('says what is wrong with %s', (text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });

  it('never repeats the bytes in what it says, because they may hold a secret', () => {
    expect(reasonOf('2300001234x')).not.toContain('1234');
    expect(reasonOf('{"hex":"2300001234x"}')).not.toContain('1234');
    expect(reasonOf('{"hex":"2300001234"')).not.toContain('1234');
  });
});
