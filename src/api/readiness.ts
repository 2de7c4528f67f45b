export type ReadinessState = 'starting' | 'ready' | 'draining';

/** Whether this process should get traffic. */
export class Readiness {
  private current: ReadinessState = 'starting';
  private readonly onDraining: (() => void)[] = [];

  get state(): ReadinessState {
    return this.current;
  }

  becomes(state: ReadinessState): void {
    this.current = state;
    if (state === 'draining') for (const task of this.onDraining.splice(0)) task();
  }

  /** `task` is done once, as soon as the process is about to stop. */
  whenDraining(task: () => void): void {
    if (this.current === 'draining') task();
    else this.onDraining.push(task);
  }
}
