import type { Writable } from 'node:stream';
import { messageOf } from '../kernel/errors';

export interface LineSinkHandlers {
  /** The file takes lines more slowly than they come: read nothing more until `drained`. */
  full(): void;
  drained(): void;
  /** Told once. Later lines are counted as lost. */
  failed(message: string): void;
}

/** Where the lines of a capture go. It says when it is full and never throws: a full disk must not stop traffic. */
export class LineSink {
  lost = 0;
  private isFull = false;
  private hasFailed = false;

  constructor(
    private readonly stream: Writable,
    private readonly handlers: LineSinkHandlers,
  ) {
    stream.on('drain', () => this.free());
    stream.on('error', (error) => this.fail(messageOf(error)));
  }

  write(line: string): void {
    if (this.hasFailed) {
      this.lost += 1;
      return;
    }
    if (this.stream.write(line) || this.isFull) return;
    this.isFull = true;
    this.handlers.full();
  }

  /** Resolves when every line is written, or never will be. */
  async flush(): Promise<void> {
    if (this.hasFailed) return;
    await new Promise<void>((resolve) => {
      this.stream.once('error', () => resolve());
      this.stream.write('', () => resolve());
    });
  }

  private free(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.handlers.drained();
  }

  private fail(message: string): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.handlers.failed(message);
    this.free();
  }
}
