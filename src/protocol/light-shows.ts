/**
 * The factory light shows and the two bytes that name each (protocol 2.7). Fireworks is 03 DA: the captured
 * packet's checksum proves it against the tables that say 3A.
 */
export const LIGHT_SHOWS = {
  candle: [0x01, 0xf1],
  rainbow: [0x02, 0x7a],
  cyber: [0x43, 0x9f],
  fireworks: [0x03, 0xda],
  volcanic: [0x04, 0xf4],
  aurora: [0x05, 0x1c],
  happy_holidays: [0x06, 0x54],
  red_white_blue: [0x07, 0x4f],
  vegas: [0x08, 0xe3],
  party_time: [0x09, 0x06],
} as const;

export type LightShow = keyof typeof LIGHT_SHOWS;
export const LIGHT_SHOW_NAMES = Object.keys(LIGHT_SHOWS) as [LightShow, ...LightShow[]];
