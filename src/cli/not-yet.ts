import { AppError } from '../kernel/errors';

/** The question was answered, and not with yes. */
export class NotYet extends AppError {
  constructor(
    readonly answer: 'no' | 'unknown',
    message: string,
  ) {
    super('input.invalid', message);
    this.name = 'NotYet';
  }
}
