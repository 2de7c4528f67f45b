import { DEFAULT_OBJECTIVES } from '../../slo/objectives';
import { fastRollbackGroup } from '../alerts/fast-rollback';
import { isAlert, writtenAlert } from '../alerts/rule';
import { DEFAULT_RUNBOOK_BASE } from '../runbooks';
import { seriesOf, type History } from './objective-events';
import { firing, type ExpressionTest, type RuleTest, type RuleTestFile } from './scenario';

const SCRAPE_SECONDS = 5;
const SCRAPES_PER_MINUTE = 60 / SCRAPE_SECONDS;

/** So many good and bad commands in each scrape, from the third minute on; before that all are good. */
function turning(good: number, bad: number, minutes = 5): History {
  return [
    { scrapes: 3 * SCRAPES_PER_MINUTE, good: good + bad, bad: 0 },
    { scrapes: minutes * SCRAPES_PER_MINUTE, good, bad },
    { scrapes: (12 - minutes) * SCRAPES_PER_MINUTE, good: good + bad, bad: 0 },
  ];
}

const FIRES = ['{generation="7", transport="new"}'];

/** The fast way back, and what must not take it. */
export function fastRollbackTests(): RuleTestFile {
  return {
    file: 'rollback.test.yaml',
    about: ['What the fast way back must do, and must not. Scrapes and rules every five seconds.'],
    rules: ['rollback.rules.yaml'],
    everySeconds: SCRAPE_SECONDS,
    tests: [
      test(
        'total failure of new: within ten seconds of the twentieth failure, and only for new',
        turning(0, 40),
        turning(40, 0),
        [
          ['3m', []],
          ['3m10s', FIRES],
          ['8m', FIRES],
        ],
      ),
      wordsTest(),
      test('6 % of enough commands: fires', turning(940, 60), turning(100, 0), [['4m', FIRES]]),
      test('4 % however many: does not', turning(960, 40), turning(100, 0), [['5m', []]]),
      test('everything fails, but fewer than twenty a minute: does not', turning(0, 1), turning(10, 0), [
        ['5m', []],
      ]),
      test('legacy fails half as much: a common cause, does not', turning(60, 40), turning(75, 25), [
        ['5m', []],
      ]),
      test('legacy fails a little: fires', turning(60, 40), turning(90, 10), [['5m', FIRES]]),
      test('no legacy at all: fires', turning(0, 40), undefined, [['4m', FIRES]]),
      test('it is over: remembered for five minutes, not longer', turning(0, 40, 1), turning(40, 0), [
        ['9m', FIRES],
        ['10m30s', []],
      ]),
    ],
  };
}

type Look = readonly [at: string, expected: readonly string[]];

function test(
  name: string,
  accused: History,
  control: History | undefined,
  looks: readonly Look[],
): RuleTest {
  return {
    name,
    interval: `${SCRAPE_SECONDS}s`,
    input_series: inputOf(accused, control),
    promql_expr_test: looks.map(([at, expected]): ExpressionTest =>
      firing(
        'alertname="PointsmanFastRollback",action="rollback"',
        ['transport', 'generation'],
        at,
        expected,
      ),
    ),
  };
}

/** What people read, word for word, with figures that come out even. */
function wordsTest(): RuleTest {
  const alert = fastRollbackGroup().rules.find(isAlert);
  if (!alert) throw new RangeError('there is no fast rollback');
  const { labels, annotations } = writtenAlert(alert, DEFAULT_RUNBOOK_BASE);
  return {
    name: 'what it says',
    interval: `${SCRAPE_SECONDS}s`,
    input_series: inputOf(turning(50, 50), turning(90, 10)),
    alert_rule_test: [
      {
        eval_time: '5m',
        alertname: alert.alert,
        exp_alerts: [
          {
            exp_labels: { ...labels, transport: 'new', generation: '7' },
            exp_annotations: {
              summary: 'Back to legacy: 50% of the commands on new failed within the last minute',
              description:
                "More than 5 %, on at least 20 failures of generation 7, and legacy's share is below half of it. Legacy: 10% failed.",
              runbook_url: annotations.runbook_url ?? '',
            },
          },
        ],
      },
    ],
  };
}

function inputOf(accused: History, control: History | undefined) {
  const success = DEFAULT_OBJECTIVES.find(({ name }) => name === 'command-success');
  if (!success) throw new RangeError('there is no objective command-success');
  const labels = { generation: '7', instance: 'a' };
  return [
    ...seriesOf(success, accused, { transport: 'new', ...labels }),
    ...(control ? seriesOf(success, control, { transport: 'legacy', ...labels }) : []),
  ];
}
