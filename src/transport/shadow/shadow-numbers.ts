import { isPlainSequence } from '../../protocol/actions';

const MAX_MESSAGE_ID = 0xffff;
const MAX_SEQUENCE = 0xfffffe;

/** Numbers for frames that are never written. The counters of a link belong to what it really writes. */
export class ShadowNumbers {
  private messageId = 0;
  private sequence = -1;

  nextMessageId(): number {
    this.messageId = (this.messageId % MAX_MESSAGE_ID) + 1;
    return this.messageId;
  }

  nextSequence(): number {
    do this.sequence = this.sequence >= MAX_SEQUENCE - 1 ? 1 : this.sequence + 2;
    while (!isPlainSequence(this.sequence));
    return this.sequence;
  }
}
