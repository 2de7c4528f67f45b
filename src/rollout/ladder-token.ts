/** Under this the ladder is provided. */
export const LADDER = Symbol('ladder');
