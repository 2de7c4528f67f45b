import { overridesOf } from './environment';

const portIn = (text: string) => overridesOf({ POINTSMAN_HTTP_PORT: text });

describe('overridesOf', () => {
  test.each([
    ['80', 80],
    ['-1', -1],
    ['80.5', 80.5],
    ['0', 0],
  ])('takes %j as a number', (text, value) => {
    expect(portIn(text)).toEqual({ values: [{ path: ['http', 'port'], value }], faults: [] });
  });

  test.each([
    '',
    ' ',
    ' 80',
    '80 ',
    '0x10',
    '1e3',
    '٣',
    '1_000',
    '+5',
    '.5',
    '5.',
    'NaN',
    'Infinity',
    '8080\n',
  ])('refuses %j as a number and quotes it', (text) => {
    expect(portIn(text)).toEqual({ values: [], faults: [`POINTSMAN_HTTP_PORT: "${text}" is not a number`] });
  });

  test('refuses a variable with the prefix that nobody knows, and leaves all others alone', () => {
    const environment = {
      POINTSMAN_PORT: '1',
      POINTSMAN_: '',
      PATH: '/bin',
      CANARY_COHORT: 'x',
      XPOINTSMAN_Y: '1',
    };
    expect(overridesOf(environment)).toEqual({
      values: [],
      faults: ['POINTSMAN_PORT: no such variable', 'POINTSMAN_: no such variable'],
    });
  });

  test('knows the variables that the command line and the tests read', () => {
    const names = [
      'POINTSMAN_CONFIG',
      'POINTSMAN_SEED',
      'POINTSMAN_URL',
      'POINTSMAN_TOKEN',
      'POINTSMAN_CORPUS',
    ];
    expect(overridesOf(Object.fromEntries(names.map((name) => [name, 'x']))).faults).toEqual([]);
  });

  describe('seeds a ramp from CANARY_PERCENTAGE', () => {
    const seed = (environment: Record<string, string>) =>
      overridesOf({ CANARY_PERCENTAGE: '12.5', ...environment });

    test('when POINTSMAN_SEED is true', () => {
      const values = [{ path: ['rollout', 'seedPercentage'], value: 12.5 }];
      expect(seed({ POINTSMAN_SEED: 'true' })).toEqual({ values, faults: [] });
    });

    test.each(['false', '', '1', 'TRUE', 'yes'])('but not when it is %j', (wish) => {
      expect(seed({ POINTSMAN_SEED: wish })).toEqual({ values: [], faults: [] });
    });

    test('but not without it, even when it is no number: a stale variable stops nothing', () => {
      expect(seed({})).toEqual({ values: [], faults: [] });
      expect(seed({ CANARY_PERCENTAGE: 'ten' })).toEqual({ values: [], faults: [] });
    });

    test('with a mirror and a cohort of named devices', () => {
      expect(
        seed({ POINTSMAN_SEED: 'true', DARK_LAUNCH: 'true', CANARY_COHORT: '37962469, 2de4b5d2,' }),
      ).toEqual({
        values: [
          { path: ['rollout', 'seedPercentage'], value: 12.5 },
          { path: ['rollout', 'seedMirror'], value: true },
          { path: ['rollout', 'seedCohort'], value: ['37962469', '2de4b5d2'] },
        ],
        faults: [],
      });
      expect(seed({ DARK_LAUNCH: 'true', CANARY_COHORT: 'random' })).toEqual({ values: [], faults: [] });
    });

    test.each(['random', 'sticky=false', '50%', '3796246', '37962469;2de4b5d2'])(
      'and refuses the cohort %s with the reason',
      (cohort) => {
        const { faults } = seed({ POINTSMAN_SEED: 'true', CANARY_COHORT: cohort });
        expect(faults).toEqual([
          `CANARY_COHORT: "${cohort}" is refused: a cohort is a list of device ids, 8 lower-case hex digits each; devices stay where they were put: a share that is drawn at random for each command would move devices back under a raise, and commands of one device would overtake each other`,
        ]);
      },
    );

    test('and reports a mirror that is neither on nor off', () => {
      const { faults } = seed({ POINTSMAN_SEED: 'true', DARK_LAUNCH: 'yes' });
      expect(faults).toEqual(['DARK_LAUNCH: "yes" is neither true nor false']);
    });

    test('and reports a seed that is no number', () => {
      const faults = ['CANARY_PERCENTAGE: "10%" is not a number'];
      expect(seed({ POINTSMAN_SEED: 'true', CANARY_PERCENTAGE: '10%' })).toEqual({ values: [], faults });
    });
  });
});
