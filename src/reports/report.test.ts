import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  entryWith,
  historyOf,
  objectiveView,
  periodWith,
  reportObjective,
  ROLLED_BACK,
  slosWith,
  sourcesWith,
} from '../../test/support/report-sources';
import { viewWith } from '../../test/support/rollout-views';
import { composeReport, type ReportSources } from './compose';
import { documentOf } from './document';
import { toHtml } from './html';
import { toMarkdown } from './markdown';

const GOLDEN = join(__dirname, '..', '..', 'test', 'golden');
const RENDERERS = {
  'report.md': (sources: ReportSources) => toMarkdown(documentOf(composeReport(sources))),
  'report.html': (sources: ReportSources) => toHtml(documentOf(composeReport(sources))),
  'report.json': (sources: ReportSources) => `${JSON.stringify(composeReport(sources), undefined, 2)}\n`,
};
const { 'report.md': markdown, 'report.html': html } = RENDERERS;
const eventful = sourcesWith({ history: historyOf(...ROLLED_BACK) });

describe('a report', () => {
  // After a change that is meant: POINTSMAN_GOLDEN=write npx jest src/reports
  it.each(Object.entries(RENDERERS))('is %s, word for word', (name, render) => {
    const file = join(GOLDEN, name);
    if (process.env.POINTSMAN_GOLDEN === 'write') writeFileSync(file, render(eventful));
    expect(render(eventful)).toBe(readFileSync(file, 'utf8'));
  });

  it('says of what was not measured that it was not, and gives it no number', () => {
    const none = reportObjective({
      result: 'unmeasured',
      new: null,
      legacy: null,
      budgetLeft: { new: null, legacy: null },
      days: [{ day: '2026-01-03', result: 'unmeasured', new: null, legacy: null, why: 'no series' }],
    });
    const text = markdown(sourcesWith({ period: periodWith({ objectives: [none] }) }));
    expect(text).toContain(
      '| command-success | 99.9 % | unmeasured | not measured | not measured | not measured | not measured | not measured | not measured |',
    );
    expect(text).toContain('- command-success: nothing of the new transport was measured in the period.');
  });

  it('tells no events from not measured', () => {
    const idle = reportObjective({
      new: { bad: 0, all: 0, coverage: 1 },
      budgetLeft: { new: null, legacy: 1 },
    });
    expect(markdown(sourcesWith({ period: periodWith({ objectives: [idle] }) }))).toMatch(/no events \|/);
  });

  it('says how much of the period was measured, what is doubted, and where the history begins', () => {
    const late = entryWith({ at: '2026-01-02T00:00:00.000Z' });
    const { gaps } = composeReport(
      sourcesWith({
        period: periodWith({ doubts: ['1 of 2 replicas are up'] }),
        history: [late],
        slos: slosWith({ at: null }),
      }),
    );
    expect(gaps).toEqual([
      'The numbers may not be whole: 1 of 2 replicas are up.',
      'command-success: 60 % of the period was measured; the rest is neither good nor bad.',
      'No judgement is there now: what the objectives say at this moment is missing.',
      'The history that was read begins at 2026-01-02T00:00:00.000Z; what was before is not in this report.',
    ]);
  });

  it('says that the failures that end a generation are not among its numbers', () => {
    expect(composeReport(eventful).gaps.join()).toContain('commands that were on the wire then');
    expect(composeReport(sourcesWith()).gaps.join()).not.toContain('on the wire');
  });

  it('lists changes of the period, newest kept, without the record of days', () => {
    const many = Array.from({ length: 510 }, (_, at) =>
      entryWith({ reason: `r${at}`, at: new Date(Date.UTC(2026, 0, 2) + at * 1000).toISOString() }),
    );
    const days = entryWith({ action: 'days_judged' });
    const { changes, changesLeftOut } = composeReport(sourcesWith({ history: historyOf(...many, days) }));
    expect(changes).toHaveLength(500);
    expect(changesLeftOut).toBe(10);
    expect(changes.at(-1)?.reason).toBe('r509');
  });
});

describe('a recommendation', () => {
  const adviceOf = (over: Partial<ReportSources>) => composeReport(sourcesWith(over)).recommendation;
  const open = sourcesWith().rollout;
  const closed = { name: 'days', state: 'closed' as const, lacks: '3 days', readyAt: null, onFail: 'hold' };
  const yes = { ...sourcesWith().removal, answer: 'yes' as const, items: [] };

  it.each<[string, Partial<ReportSources>, string, string]>([
    ['every gate open', {}, 'go_on', 'every gate of canary-10 is open; the machine goes on by itself'],
    [
      'a gate that lacks something',
      { rollout: { ...open, gates: [closed] } },
      'hold',
      'gate days is not open: 3 days',
    ],
    [
      'a freeze',
      { rollout: { ...open, freeze: { since: 'x', by: 'ana', reason: 'holidays' } } },
      'hold',
      'frozen by ana: holidays',
    ],
    [
      'a latch',
      { rollout: { ...open, automation: { kind: 'latched', by: 'guard', reason: 'worse', since: 'x' } } },
      'investigate',
      'latched by guard: worse',
    ],
    [
      'an objective that fails',
      { slos: slosWith({ objectives: [objectiveView({ verdict: 'fail', why: 'it burns' })] }) },
      'investigate',
      'command-success fails: it burns',
    ],
    [
      'a store that is away, although removal says yes',
      {
        removal: yes,
        rollout: { ...open, store: { kind: 'redis', healthy: false, detail: 'no answer', unstored: 0 } },
      },
      'investigate',
      'the store: no answer',
    ],
    [
      'a removal that says yes',
      { removal: yes },
      'remove_legacy',
      'every item of the removal checklist says yes',
    ],
  ])('of %s', (_what, over, advice, because) => {
    expect(adviceOf(over)).toEqual({ advice, because: [because] });
  });

  it('does not hold against the ramp what an objective only observes', () => {
    const observed = objectiveView({ verdict: 'fail', observeOnly: true });
    expect(adviceOf({ slos: slosWith({ objectives: [observed] }) }).advice).toBe('go_on');
  });

  it('says what the removal still lacks at the end of the ladder', () => {
    const top = { ...open, gates: [], stage: { ...open.stage, next: null } };
    expect(adviceOf({ rollout: top }).because).toEqual([
      'validation passed: the rollout stands in canary-10',
    ]);
  });
});

describe('what people wrote', () => {
  const written = (text: string) =>
    sourcesWith({
      rollout: viewWith({ automation: { kind: 'paused', by: text, reason: text, since: 'x' } }),
      period: periodWith({ objectives: [reportObjective({ name: text, title: text })] }),
      history: historyOf(entryWith({ by: text, reason: text }), ...ROLLED_BACK),
    });
  const tags = (page: string) => page.match(/<[^>]*>/g);
  const anything = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=y>',
      '</style>',
      '`|`',
      '[a](javascript:b)',
      '\u202e| x |\n# y',
    ),
  );

  it('adds no tag and no attribute to a page', () => {
    const shape = tags(html(written('x')));
    fc.assert(fc.property(anything, (text) => expect(tags(html(written(text)))).toEqual(shape)));
  });

  it('adds no line, no cell and no mark to Markdown', () => {
    const shape = (text: string) =>
      text
        .split('\n')
        .map((line) => [line.match(/(?<!\\)(?:\\\\)*\|/g)?.length ?? 0, /^(#+ |- |\*\*)?/.exec(line)?.[0]]);
    const plainShape = shape(markdown(written('x')));
    fc.assert(
      fc.property(anything, (text) => {
        const page = markdown(written(text));
        expect(shape(page)).toEqual(plainShape);
        expect(page).not.toMatch(/(?<!\\)(?:\\\\)*[<>[\]`]/);
      }),
    );
  });
});
