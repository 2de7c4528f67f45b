export type ReadinessState = 'starting' | 'ready' | 'draining';

/** Whether this process should get traffic. */
export class Readiness {
  private current: ReadinessState = 'starting';

  get state(): ReadinessState {
    return this.current;
  }

  becomes(state: ReadinessState): void {
    this.current = state;
  }
}
