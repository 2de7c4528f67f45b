import { warningsOf } from './redis-server-checks';

const settingsOf = (policy: string, appendonly: string, save: string): ReadonlyMap<string, string> =>
  new Map([
    ['maxmemory-policy', policy],
    ['appendonly', appendonly],
    ['save', save],
  ]);

test.each([
  ['noeviction', 'yes', '', 'master', []],
  ['noeviction', 'no', '3600 1', 'master', []],
  ['noeviction', 'no', '', 'master', ['appendonly']],
  ['allkeys-lru', 'yes', '', 'master', ['maxmemory-policy']],
  ['volatile-ttl', 'no', '', 'slave', ['maxmemory-policy', 'appendonly', 'replicaof']],
])(
  'a server with %s, appendonly %s, save "%s", as %s is warned of for %j',
  (policy, appendonly, save, role, named) => {
    expect(warningsOf(settingsOf(policy, appendonly, save), role).map(({ setting }) => setting)).toEqual(
      named,
    );
  },
);

test('settings that the server keeps to itself are no reason to warn', () => {
  expect(warningsOf(new Map(), 'master')).toEqual([]);
});
