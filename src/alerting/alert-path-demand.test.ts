import { withDemands } from '../slo/with-demands';
import type { Judge, Judgement } from '../slo/verdict';
import { demandsOf } from './alert-path-demand';

const JUDGEMENT: Judgement = {
  at: '2026-01-01T00:00:00.000Z',
  generation: 1,
  objectives: [],
  demands: [{ kind: 'rollback', rule: 'burn_rate', why: 'it burns', evidence: {} }],
  days: [],
  mirror: undefined,
  coverage: undefined,
  guardRates: undefined,
};

describe('a way of alerts that is silent', () => {
  it('demands a pause behind what the judge demands, and never a rollback', async () => {
    const judge: Judge = { judge: () => Promise.resolve(JUDGEMENT) };
    const silent = withDemands(judge, () => demandsOf({ kind: 'silent', since: null }));
    const { demands } = await silent.judge({ generation: 1, stage: 'canary-10', since: JUDGEMENT.at });
    expect(demands.map(({ kind, rule }) => [kind, rule])).toEqual([
      ['rollback', 'burn_rate'],
      ['pause', 'alert_path_silent'],
    ]);
  });

  it('demands nothing where the watchdog is heard or not expected', () => {
    expect(demandsOf({ kind: 'heard', at: JUDGEMENT.at })).toEqual([]);
    expect(demandsOf({ kind: 'not_expected' })).toEqual([]);
  });
});
