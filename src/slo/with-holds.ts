import type { Hold, Judge } from './verdict';

/** A judge whose judgements also hold back what others of the program do not want raised. */
export function withHolds(judge: Judge, holds: () => readonly Hold[]): Judge {
  return {
    async judge(question) {
      const judgement = await judge.judge(question);
      return { ...judgement, holds: [...(judgement.holds ?? []), ...holds()] };
    },
  };
}
