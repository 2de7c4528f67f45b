/** Names under which the abilities of the outside world are provided. */
export const CLOCK = Symbol('clock');
export const RANDOM = Symbol('random');
export const OBSERVE = Symbol('observe');
export const CONFIG = Symbol('config');
/** The name of this process among those that share a rollout. */
export const REPLICA = Symbol('replica');
/** Says how the transports fare. */
export const JUDGE = Symbol('judge');
/** Whether the judging code judges as it should; what it got wrong, in sentences. */
export const SELF_TEST = Symbol('self test');
/** The right to tick. */
export const LEASE = Symbol('lease');
/** Where replicas tell each other small things. */
export const NOTICEBOARD = Symbol('noticeboard');
