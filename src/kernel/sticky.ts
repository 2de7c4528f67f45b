/** Why no device is drawn anew for each command, in the words that refusals use. */
export const STICKY_RULE =
  'devices stay where they were put: a share that is drawn at random for each command would move devices back under a raise, and commands of one device would overtake each other';
