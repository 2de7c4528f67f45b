import type { PacketInit, PacketOf } from '../protocol/catalogue';

const FILL_SIZE = 1000;
const FILL_END = [0xe3, 0x4f, 0x02, 0x10];

/** One buffer for all devices: the answer is 1,024 bytes, nearly all of them this. */
const FILL = new Uint8Array(FILL_SIZE);
FILL.set(FILL_END, FILL_SIZE - FILL_END.length);

/** The 0xAB that answers a 0xA3, as captured. */
export function announceAnswer({ deviceId, messageId }: PacketOf<'announce'>): PacketInit {
  return {
    kind: 'announce_answer',
    deviceId,
    messageId,
    flag: 0,
    tag: 0x07,
    software: 'xlink_dev',
    fill: FILL,
  };
}
