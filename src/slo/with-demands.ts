import type { Demand, Judge } from './verdict';

/** A judge whose judgements hold more demands: what others of the program see that no objective can. */
export function withDemands(judge: Judge, more: () => readonly Demand[]): Judge {
  return {
    async judge(question) {
      const judgement = await judge.judge(question);
      // The judge's own come first: a rollback outranks a pause, and these only pause.
      return { ...judgement, demands: [...judgement.demands, ...more()] };
    },
  };
}
