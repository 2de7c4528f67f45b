import { fromHex } from '../protocol/hex';
import { decodePacket } from '../protocol/codec';
import type { Direction } from './live-read';
import { Pairing, type SeenPacket } from './pairing';

interface Line extends SeenPacket {
  readonly name: string;
}

const DEVICE = 'dev_to_cloud';
const CLOUD = 'cloud_to_dev';

function line(name: string, dir: Direction | undefined, hex: string, conn = '1'): Line {
  const bytes = fromHex(hex) as Uint8Array;
  return { name, dir, conn, at: undefined, bytes, packet: decodePacket(bytes) };
}

/** What pairing says of these packets, a word each: `label request answer`, or which side lacks the other. */
function told(...lines: readonly Line[]): string[] {
  const words: string[] = [];
  const pairing = new Pairing<Line>({
    paired: ({ label, request, answer }) => words.push(`${label} ${request.name} ${answer.name}`),
    further: ({ label, request, answer }) => words.push(`${label} ${request.name} further ${answer.name}`),
    unmatched: (side, label, seen) => words.push(`${label} lone ${side} ${seen.name}`),
  });
  for (const each of lines) pairing.add(each);
  pairing.finish();
  return words;
}

const power = (id: string, sequence: string): string =>
  `730000001f37962469${id}007e${sequence}f8d00d00210000000005 00d011020100 00e77e`;
const reply = (sequence: string): string => `73000000133796246900ff007e${sequence}f9d0010000d17e`;
const receipt = (id: string): string => `7b0000000737962469${id}00`;
const status = (id: string): string => `830000001337962469${id}007e21000000f9d0010000d17e`;

describe('Pairing', () => {
  it('matches receipt and reply of a command, each by its own number', () => {
    expect(
      told(
        line('first', CLOUD, power('0001', '21000000')),
        line('second', CLOUD, power('0002', '22000000')),
        line('receipt of the second', DEVICE, receipt('0002')),
        line('reply to the first', DEVICE, reply('21000000')),
        line('receipt of the first', DEVICE, receipt('0001')),
        line('reply to the second', DEVICE, reply('22000000')),
      ),
    ).toEqual([
      '0x73→0x7B second receipt of the second',
      'F8→F9 first reply to the first',
      '0x73→0x7B first receipt of the first',
      'F8→F9 second reply to the second',
    ]);
  });

  it('matches in order where all commands have the same message id, as legacy ones do', () => {
    expect(
      told(
        line('a', CLOUD, power('0000', '21000000')),
        line('b', CLOUD, power('0000', '22000000')),
        line('x', DEVICE, receipt('0000')),
        line('y', DEVICE, receipt('0000')),
      ),
    ).toEqual(['0x73→0x7B a x', '0x73→0x7B b y', 'F8→F9 lone request a', 'F8→F9 lone request b']);
  });

  it('matches 0x88 by message id, and tells of an answer that nothing asked for', () => {
    expect(
      told(
        line('s1', DEVICE, status('0001')),
        line('s2', DEVICE, status('0002')),
        line('for s2', CLOUD, '8800000003000200'),
        line('for nobody', CLOUD, '8800000003000300'),
      ),
    ).toEqual(['0x83→0x88 s2 for s2', '0x83→0x88 lone answer for nobody', '0x83→0x88 lone request s1']);
  });

  it('keeps connections and directions apart', () => {
    expect(
      told(
        line('beat', DEVICE, 'd300000000', '1'),
        line('other connection', CLOUD, 'd800000000', '2'),
        line('same direction', DEVICE, 'd800000000', '1'),
        line('right', CLOUD, 'd800000000', '1'),
      ),
    ).toEqual([
      '0xD3→0xD8 lone answer other connection',
      '0xD3→0xD8 lone answer same direction',
      '0xD3→0xD8 beat right',
    ]);
  });

  it('pairs without directions where a capture has none', () => {
    expect(told(line('beat', undefined, 'd300000000'), line('answer', undefined, 'd800000000'))).toEqual([
      '0xD3→0xD8 beat answer',
    ]);
  });

  it('takes the second reply to one command for one more page, not for a stray', () => {
    expect(
      told(
        line('command', CLOUD, power('0001', '21000000')),
        line('page 1', DEVICE, reply('21000000')),
        line('page 2', DEVICE, reply('21000000')),
        line('receipt', DEVICE, receipt('0001')),
      ),
    ).toEqual(['F8→F9 command page 1', 'F8→F9 command further page 2', '0x73→0x7B command receipt']);
  });

  it('expects no reply to the word that a page has come', () => {
    const ack = '7300000014379624690001007e1e000000f8af0200af01617e';
    expect(told(line('ack', CLOUD, ack), line('receipt', DEVICE, receipt('0001')))).toEqual([
      '0x73→0x7B ack receipt',
    ]);
  });

  it('holds a bounded number of requests and gives up the oldest', () => {
    const many = Array.from({ length: 4098 }, (_, at) =>
      line(`s${at}`, DEVICE, status(at.toString(16).padStart(4, '0'))),
    );
    const late = ['0000', '0002'].map((id) => line(`for ${id}`, CLOUD, `8800000003${id}00`));
    const words = told(...many, ...late);
    expect(words.slice(0, 4)).toEqual([
      '0x83→0x88 lone request s0',
      '0x83→0x88 lone request s1',
      '0x83→0x88 lone answer for 0000',
      '0x83→0x88 s2 for 0002',
    ]);
  });
});
