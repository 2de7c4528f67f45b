/** Names under which the abilities of the outside world are provided. */
export const CLOCK = Symbol('clock');
export const RANDOM = Symbol('random');
export const OBSERVE = Symbol('observe');
export const CONFIG = Symbol('config');
/** The name of this process among those that share a rollout. */
export const REPLICA = Symbol('replica');
