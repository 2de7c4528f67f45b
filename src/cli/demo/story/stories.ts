import { FULL_STORY } from './full-story';
import { ROLLBACK_STORY } from './rollback-story';
import type { Story } from './story';

/** What can be played. */
export const STORIES: readonly Story[] = [ROLLBACK_STORY, FULL_STORY];
