import { helm } from '../support/helm';

/** What somebody might set, and what they must be told. */
const REFUSED: readonly (readonly [what: string, set: string, told: RegExp])[] = [
  ['a misspelt value', 'replicas=3', /Additional property replicas is not allowed/],
  ['a misspelt value further in', 'image.tagg=1', /image: Additional property tagg is not allowed/],
  ['a word for a number', 'replicaCount=three', /replicaCount: Invalid type. Expected: integer/],
  ['no replica', 'replicaCount=0', /replicaCount: Must be greater than or equal to 1/],
  ['a port that is none', 'service.httpPort=70000', /httpPort: Must be less than or equal to 65535/],
  ['a short digest', 'image.digest=sha256:abc', /image\.digest: Does not match pattern/],
  ['a type of service that is none', 'deviceService.type=Balancer', /deviceService\.type must be one of/],
  ['an address of Redis that is none', 'redis.url=redis.devices:6379', /redis\.url: Does not match pattern/],
  [
    'a grace that is no number',
    'terminationGracePeriodSeconds=1m',
    /terminationGracePeriodSeconds: Invalid type/,
  ],
  ['an interval without a unit', 'serviceMonitor.interval=15', /serviceMonitor\.interval: Invalid type/],
  [
    'runbooks whose address has no end',
    'prometheusRule.runbookUrl=https://a',
    /runbookUrl: Does not match pattern/,
  ],
  [
    'several replicas without Redis',
    'replicaCount=2',
    /more than one replica share the plan through Redis: set redis\.url/,
  ],
  ['autoscaling without Redis', 'autoscaling.enabled=true', /share the plan through Redis/],
  [
    'a percentage in the release',
    'config.rollout.seedPercentage=10',
    /the percentage lives in the store, not in a release; set it with: pointsman set/,
  ],
  [
    'a password in the open',
    'redis.url=redis://:secret@redis:6379',
    /put it into a Secret .* redis\.existingSecret/,
  ],
  ['a password without a server', 'redis.existingSecret=redis', /holds a password alone: set redis\.url too/],
  [
    'one state directory for two processes',
    'state.existingClaim=state,replicaCount=2,redis.url=redis://redis',
    /no two processes may share a state directory/,
  ],
  [
    'fewer pods at most than at least',
    'autoscaling.enabled=true,autoscaling.minReplicas=9,redis.url=redis://redis',
    /autoscaling\.minReplicas is larger than autoscaling\.maxReplicas/,
  ],
  ['an address of its own', 'config.http.bind=127.0.0.1', /config\.http\.bind: the chart decides/],
  ['an ingress for nobody', 'ingress.enabled=true', /ingress\.hosts is empty: name at least one host/],
  [
    'a kill before the program has stopped',
    'config.shutdown.deadlineMs=90000',
    /terminationGracePeriodSeconds must be longer than config\.shutdown\.deadlineMs/,
  ],
];

describe('the chart refuses', () => {
  test.each(REFUSED)('%s (%s), and says why', (_what, set, told) => {
    const { status, said } = helm('template', ['--set', set]);
    expect({ status, said }).toEqual({ status: 1, said: expect.stringMatching(told) });
  });

  test('no password by repeating it', () => {
    const { said } = helm('template', ['--set', 'redis.url=redis://:hunter2hunter2@redis:6379']);
    expect(said).not.toContain('hunter2');
  });
});
