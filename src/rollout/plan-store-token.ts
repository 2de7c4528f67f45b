/** Under this the store of the rollout is provided, whichever it is. */
export const PLAN_STORE = Symbol('plan store');
