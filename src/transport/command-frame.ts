import type { InnerFrameInit } from '../protocol/inner-frame';
import { plainFrame } from './delivery/numbered-frame';
import type { Assignment } from './transport';

/** The frame of a command, numbered by its link. */
export function commandFrame({ command, node, link }: Assignment): InnerFrameInit {
  return plainFrame(command.action, node, () => link.nextSequence());
}
