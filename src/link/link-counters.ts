import { randomInteger, type Random } from '../kernel/random';
import { isPlainSequence } from '../protocol/actions';

/** The mesh sequence has 24 bits, and commands number it from the inner sequence (protocol 2.7). */
const MAX_SEQUENCE = 0xfffffe;
const MAX_MESSAGE_ID = 0xffff;

/**
 * The numbers of one connection's outgoing packets. They start anywhere, so that a device which remembers those of
 * the last connection does not take the next command for a repeat.
 */
export class LinkCounters {
  private sequence: number;
  private messageId: number;

  constructor(
    random: Random,
    private readonly onWrap: () => void,
  ) {
    this.sequence = randomInteger(random, 1, MAX_SEQUENCE);
    this.messageId = randomInteger(random, 0, MAX_MESSAGE_ID);
  }

  /**
   * Never a value, nor one below a value, that some firmware would escape (protocol, trap 15). Every second one only:
   * a setting takes the number above its own too, and the mesh would discard the next command as its repeat.
   */
  nextSequence(): number {
    do this.sequence = this.sequence >= MAX_SEQUENCE - 1 ? 1 : this.sequence + 2;
    while (!isPlainSequence(this.sequence));
    return this.sequence;
  }

  /** 1…65535: 0 is what legacy writes. */
  nextMessageId(): number {
    if (this.messageId >= MAX_MESSAGE_ID) {
      this.messageId = 0;
      this.onWrap();
    }
    this.messageId += 1;
    return this.messageId;
  }
}
