import { warningsOf } from './redis-server-checks';

const settingsOf = (policy: string, appendonly: string, save: string): ReadonlyMap<string, string> =>
  new Map([
    ['maxmemory-policy', policy],
    ['appendonly', appendonly],
    ['save', save],
  ]);

const ALONE = { role: 'master', replicas: 0, waitReplicas: 0 };

test.each([
  ['noeviction', 'yes', '', 'master', []],
  ['noeviction', 'no', '3600 1', 'master', []],
  ['noeviction', 'no', '', 'master', ['appendonly']],
  ['allkeys-lru', 'yes', '', 'master', ['maxmemory-policy']],
  ['volatile-ttl', 'no', '', 'slave', ['maxmemory-policy', 'appendonly', 'replicaof']],
])(
  'a server with %s, appendonly %s, save "%s", as %s is warned of for %j',
  (policy, appendonly, save, role, named) => {
    const warnings = warningsOf(settingsOf(policy, appendonly, save), { ...ALONE, role });
    expect(warnings.map(({ setting }) => setting)).toEqual(named);
  },
);

test('settings that the server keeps to itself are no reason to warn', () => {
  expect(warningsOf(new Map(), ALONE)).toEqual([]);
});

test.each([
  ['has replicas that no change waits for', { replicas: 2, waitReplicas: 0 }, 1],
  ['has replicas that a change waits for', { replicas: 2, waitReplicas: 1 }, 0],
])('a server that %s', (_what, standing, warned) => {
  const warnings = warningsOf(new Map(), { ...ALONE, ...standing });
  expect(warnings.filter(({ setting }) => setting === 'store.waitReplicas')).toHaveLength(warned);
});
