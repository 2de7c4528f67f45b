import type { Query, Action } from '../protocol/actions';
import { encodePacket } from '../protocol/codec';
import { LIGHT_SHOWS, type LightShow } from '../protocol/light-shows';
import { numberedFrame } from './delivery/numbered-frame';
import { commandBytes } from './command-size';

const ACTIONS: readonly (Action | Query)[] = [
  { command: 'mesh_info' },
  { command: 'power', on: true },
  { command: 'brightness', level: 100 },
  { command: 'temperature', level: 0 },
  { command: 'color', r: 1, g: 2, b: 3 },
  { command: 'mode', mode: 'smart' },
  ...Object.keys(LIGHT_SHOWS).map((name) => ({ command: 'show', name: name as LightShow }) as const),
];

describe('the size of a command', () => {
  it.each(ACTIONS)('is that of its packet, whatever the numbers in it: %j', (action) => {
    const inner = numberedFrame(action, 254, 0x01020304);
    const packet = encodePacket({ kind: 'data', deviceId: 0x37962469, messageId: 65_535, flag: 0, inner });
    expect(commandBytes({ action })).toBe(packet.length);
  });

  it('is far below the least that a lane may be allowed to hold', () => {
    expect(Math.max(...ACTIONS.map((action) => commandBytes({ action })))).toBeLessThan(100);
  });
});
