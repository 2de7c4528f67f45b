import { hostname } from 'node:os';
import { randomInteger, type Random } from './random';

const LONGEST = 64;

/** A name that no other process has, and that says where to look for it. */
export function replicaName(random: Random): string {
  const chance = randomInteger(random, 0, 0xffff).toString(16).padStart(4, '0');
  const tail = `-${process.pid}-${chance}`;
  const host = hostname().replace(/[^A-Za-z0-9._-]/g, '_');
  return `${host.slice(0, LONGEST - tail.length)}${tail}`;
}
