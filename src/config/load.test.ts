import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../kernel/errors';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { VARIABLES, type Environment } from './environment';
import { loadConfig, type ConfigSources } from './load';
import type { Config } from './schema';

/** The configuration from a YAML text. */
function fromYaml(yaml: string, environment: Environment = {}): Promise<Config> {
  return inTemporaryFolder((folder) => {
    const file = join(folder, 'pointsman.yaml');
    writeFileSync(file, yaml);
    return loadConfig({ file, environment });
  });
}

/** Every fault of a configuration that is refused. */
function faultsOf(sources: ConfigSources): readonly string[] {
  try {
    loadConfig(sources);
  } catch (error) {
    if (error instanceof AppError && error.code === 'config.invalid') return error.facts.faults as string[];
    throw error;
  }
  return [];
}

const faultsOfYaml = (yaml: string, environment: Environment = {}): Promise<readonly string[]> =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'pointsman.yaml');
    writeFileSync(file, yaml);
    return faultsOf({ file, environment });
  });

describe('loadConfig', () => {
  test('does with nothing: loopback, the documented ports, 5 % holdback, no seed', () => {
    expect(loadConfig({ environment: {} })).toMatchObject({
      stateDir: 'state',
      logLevel: 'info',
      http: { bind: '127.0.0.1', port: 8080, idempotencyTtlMs: 600_000 },
      metrics: { bind: '127.0.0.1', port: 9400 },
      devices: { bind: '127.0.0.1', tlsPort: 23_779, plainPort: null },
      lane: {
        window: 1,
        handoverMs: 1_000,
        policy: 'reject',
        capacity: 100,
        putTimeoutMs: 10_000,
        calmMs: 60_000,
      },
      rollout: { holdback: 5, maxStep: 25, seedPercentage: 0 },
    });
  });

  test('takes the file over a command’s own defaults, and the environment over both', async () => {
    const defaults = { http: { port: 1, bind: '::1' }, metrics: { port: 2 }, logLevel: 'debug' };
    const config = await inTemporaryFolder((folder) => {
      const file = join(folder, 'pointsman.yaml');
      writeFileSync(file, 'http: { port: 3 }\nmetrics: { port: 4 }\n');
      return loadConfig({ file, environment: { POINTSMAN_METRICS_PORT: '5' }, defaults });
    });
    expect(config).toMatchObject({ http: { port: 3, bind: '::1' }, metrics: { port: 5 }, logLevel: 'debug' });
    expect(defaults).toEqual({ http: { port: 1, bind: '::1' }, metrics: { port: 2 }, logLevel: 'debug' });
  });

  test('has a place for every variable', () => {
    const environment = {
      POINTSMAN_HTTP_PORT: '1',
      POINTSMAN_BIND: '::1',
      POINTSMAN_METRICS_PORT: '2',
      POINTSMAN_METRICS_BIND: '127.0.0.2',
      POINTSMAN_DEVICE_PORT: '3',
      POINTSMAN_DEVICE_TLS_PORT: '4',
      POINTSMAN_DEVICE_BIND: '127.0.0.3',
      POINTSMAN_STATE_DIR: '/var/lib/pointsman',
      POINTSMAN_TOKENS_FILE: '/etc/tokens.yaml',
      POINTSMAN_PROMETHEUS_URL: 'http://prometheus:9090',
      POINTSMAN_ALERTMANAGER_URL: 'http://alertmanager:9093',
      POINTSMAN_REDIS_URL: 'rediss://:secret@redis:6380/2',
      POINTSMAN_REPLICA: 'web-3',
      POINTSMAN_LOG_LEVEL: 'error',
    };
    expect(VARIABLES.map(({ name }) => name).sort()).toEqual(Object.keys(environment).sort());
    expect(loadConfig({ environment })).toMatchObject({
      http: { port: 1, bind: '::1' },
      metrics: { port: 2, bind: '127.0.0.2' },
      devices: { plainPort: 3, tlsPort: 4, bind: '127.0.0.3' },
      stateDir: '/var/lib/pointsman',
      tokensFile: '/etc/tokens.yaml',
      alerting: { alertmanagerUrl: 'http://alertmanager:9093' },
      store: { url: 'rediss://:secret@redis:6380/2' },
      replica: 'web-3',
      logLevel: 'error',
    });
  });

  test.each(['http://:secret@redis', ':secret@redis', 'redis://:secret@redis/words', 'redis://'])(
    'refuses %s as an address of Redis without repeating it',
    (url) => {
      const load = (): unknown => loadConfig({ environment: { POINTSMAN_REDIS_URL: url } });
      expect(load).toThrow(/store\.url: an address such as rediss/);
      expect(load).not.toThrow(/secret/);
    },
  );

  test('cannot be changed afterwards, at any depth', () => {
    const config = loadConfig({ environment: {} });
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(config)).toBe(true);
    expect(() => Object.assign(config.newTransport.replyTimer, { floorMs: 1 })).toThrow(TypeError);
  });

  test('is at its defaults with an empty file', async () => {
    expect(await fromYaml('# nothing yet\n')).toEqual(loadConfig({ environment: {} }));
  });
});

describe('a configuration with faults', () => {
  test('is told all of them at once, from the file and from the environment', async () => {
    const yaml = [
      'http: { port: 99999, prot: 80 }',
      'rollout: { holdback: 5.0001 }',
      'devices: { certFile: a.pem }',
      'colour: red',
    ].join('\n');
    const environment = { POINTSMAN_METRICS_PORT: 'many', POINTSMAN_HTPP_PORT: '80' };
    const faults = await faultsOfYaml(yaml, environment);
    const starts = faults.map((fault) => fault.slice(0, fault.indexOf(':')));
    expect(starts.sort()).toEqual([
      'POINTSMAN_HTPP_PORT',
      'POINTSMAN_METRICS_PORT',
      'configuration',
      'devices',
      'http',
      'http.port',
      'rollout.holdback',
    ]);
  });

  test('is refused in one sentence that holds every fault', () => {
    const environment = { POINTSMAN_HTTP_PORT: 'x', POINTSMAN_LOUD: '1' };
    expect(() => loadConfig({ environment })).toThrow(
      'the configuration has 2 faults: POINTSMAN_LOUD: no such variable; POINTSMAN_HTTP_PORT: "x" is not a number',
    );
    expect(() => loadConfig({ environment: { POINTSMAN_LOUD: '1' } })).toThrow(
      'the configuration has a fault: POINTSMAN_LOUD',
    );
  });

  test.each([
    ['a key nobody knows', 'colour: red', 'configuration: Unrecognized key: "colour"'],
    ['a key nobody knows further down', 'lane: { windwo: 2 }', 'lane: Unrecognized key: "windwo"'],
    [
      'a number in quotes',
      'lane: { window: "2" }',
      'lane.window: Invalid input: expected number, received string',
    ],
    [
      'a policy that is none',
      'lane: { policy: newest }',
      'lane.policy: Invalid option: expected one of "reject"|"block"|"drop_oldest"',
    ],
    ['an address that is a name', 'http: { bind: example.com }', 'http.bind: an IP address, or localhost'],
    [
      'a zone that is none',
      'devices: { timeZone: Mars/Olympus }',
      'devices.timeZone: an IANA time zone such as Europe/Berlin',
    ],
    ['an empty path', 'tokensFile: ""', 'tokensFile: Too small: expected string to have >=1 characters'],
    [
      'a certificate without its key',
      'devices: { certFile: a.pem }',
      'devices: certFile and keyFile are given together or not at all',
    ],
    [
      'a key without its certificate',
      'devices: { keyFile: a.pem }',
      'devices: certFile and keyFile are given together or not at all',
    ],
    [
      'a percentage above 100',
      'rollout: { maxStep: 100.001 }',
      'rollout.maxStep: a percentage is a JSON number from 0 to 100 with at most three decimals',
    ],
    [
      'a percentage too fine',
      'rollout: { seedPercentage: 0.0001 }',
      'rollout.seedPercentage: a percentage is a JSON number from 0 to 100 with at most three decimals',
    ],
    ['a section that is a number', 'http: 5', 'http: Invalid input: expected object, received number'],
  ])('is refused for %s', async (_what, yaml, fault) => {
    expect(await faultsOfYaml(yaml)).toEqual([fault]);
  });

  test('does not lose the fault of a section because a variable has a setting of it', async () => {
    const faults = await faultsOfYaml('http: 5', { POINTSMAN_HTTP_PORT: '80' });
    expect(faults).toEqual(['http: Invalid input: expected object, received number']);
  });

  test('takes a certificate together with its key', async () => {
    const { devices } = await fromYaml('devices: { certFile: a.pem, keyFile: b.pem }');
    expect(devices).toMatchObject({ certFile: 'a.pem', keyFile: 'b.pem' });
  });

  test.each([
    ['not YAML', 'http: [1', 'at line'],
    ['a list', '- http', 'the file must hold settings by name'],
    ['one setting twice', 'logLevel: info\nlogLevel: warn', 'duplicate key at line'],
  ])('names the file when it is %s', (_what, yaml, why) =>
    inTemporaryFolder((folder) => {
      const file = join(folder, 'pointsman.yaml');
      writeFileSync(file, yaml);
      const [fault] = faultsOf({ file, environment: {} });
      expect(fault).toContain(`${file}: `);
      expect(fault).toContain(why);
    }),
  );

  test('names the file when there is none', () => {
    expect(faultsOf({ file: '/nowhere/pointsman.yaml', environment: {} })).toEqual([
      "/nowhere/pointsman.yaml: ENOENT: no such file or directory, open '/nowhere/pointsman.yaml'",
    ]);
  });
});
