import { actionFrame, queryFrame, type Action, type Query } from '../../protocol/actions';
import { checksumOf, needsEscape, type InnerFrameInit } from '../../protocol/inner-frame';

/** One in 128 checksums would have to be escaped, so a few tries are plenty. */
const MAX_TRIES = 8;

/**
 * The frame that asks `node` for an action, with a sequence number for which neither the sequence nor the checksum
 * holds a byte that some firmware would escape. Whether devices expect escaping is unproven (protocol 2.6), so the
 * question is avoided where there is a choice; a colour or node of 125 or 126 leaves none and is sent raw.
 */
export function plainFrame(action: Action | Query, node: number, nextSequence: () => number): InnerFrameInit {
  let frame = numberedFrame(action, node, nextSequence());
  for (let tries = 1; tries < MAX_TRIES && needsEscape(checksumOf(frame)); tries += 1)
    frame = numberedFrame(action, node, nextSequence());
  return frame;
}

/** The frame that asks `node` for an action, or a bridge for what a query wants, under that number. */
export function numberedFrame(action: Action | Query, node: number, sequence: number): InnerFrameInit {
  return action.command === 'mesh_info' ? queryFrame(action, sequence) : actionFrame(action, node, sequence);
}
