import { InvalidArgumentError, Option } from 'commander';

/** An option that takes a whole number from `low` to `high`. */
export function whole(flags: string, description: string, [low, high]: readonly [number, number]): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    return value;
  });
}

/** An option that takes seconds, fractions allowed, up to a day. */
export function seconds(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value > MAX_SECONDS)
      throw new InvalidArgumentError(`It must be seconds from 0 to ${MAX_SECONDS}.`);
    return value;
  });
}

const MAX_SECONDS = 86_400;

/** The range of a port; 0 lets the system choose. */
export const PORT_RANGE = [0, 65_535] as const;
