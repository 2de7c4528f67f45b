import { createServer } from 'node:net';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { ask } from '../support/http';
import { portOf } from '../../src/kernel/listen-error';
import { FREE_PORTS, Program, run } from '../support/program';

describe('pointsman demo', () => {
  let demo: Program;
  let url: string;
  let token: string;
  const cli = (...args: string[]) => run(args, { POINTSMAN_URL: url, POINTSMAN_TOKEN: token });

  beforeAll(async () => {
    demo = new Program(['demo'], FREE_PORTS);
    token = (await demo.printed(/^token: (\S+)$/m))[1] ?? '';
    url = (await demo.printed(/API +(http:\/\/[\d.:]+)/))[1] ?? '';
    await demo.printed(/commands\/s .* \d+\/200 devices/);
  });

  afterAll(async () => {
    demo.signal('SIGTERM');
    await demo.end();
  });

  it('shows the rate, and share and success of each transport', async () => {
    const line = await demo.printed(
      /(\d+) commands\/s \| new ([\d.]+) %: ([\d.]+) % applied.* \| legacy ([\d.]+) %: ([\d.]+) % applied.* \| plan 10 %/,
    );
    expect(Number(line[2]) + Number(line[4])).toBeCloseTo(100, 0);
    expect(Number(line[2])).toBeGreaterThan(0);
  });

  it('can be asked where the rollout stands', async () => {
    const { code, out } = await cli('status', '--output', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      plan: { percentage: 10, holdback: 5, generation: 1 },
      automation: { kind: 'manual' },
    });
  });

  it('lets nobody in without the token', async () => {
    expect((await ask(url, { path: '/v1/rollout' })).status).toBe(401);
    const { code, err } = await run(['status'], { POINTSMAN_URL: url, POINTSMAN_TOKEN: 'wrong' });
    expect(code).toBe(5);
    expect(err).toMatch(/^pointsman: .*not known.*401/);
  });

  it('is steered from the command line: set, explain, rollback, release, history', async () => {
    expect((await cli('set', '50', '--reason', 'too far')).code).toBe(8);
    expect((await cli('set', '25', '--reason', 'further')).out).toMatch(/^25 %, /);
    const device = /explain ([0-9a-f]{8})/.exec(demo.out)?.[1] ?? '';
    expect((await cli('explain', device)).out).toMatch(/transport +(new|legacy)\nbecause +/);
    expect((await cli('rollback', '--reason', 'practice')).out).toMatch(
      /automation latched; .*\nlatched; to lift it: pointsman release/,
    );
    const refused = await cli('set', '5', '--reason', 'again');
    expect(refused.code).toBe(7);
    expect(refused.err).toContain('pointsman release --reason');
    expect((await cli('release', '--reason', 'over')).code).toBe(0);
    const actions = (await cli('history')).out
      .trim()
      .split('\n')
      .map((line) => /g\d+ +(\w+)/.exec(line)?.[1]);
    expect(actions).toEqual(['release', 'rollback', 'set_percentage', 'seed']);
  });

  it('says in one line that a port is busy, and ends with 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const busy = String(portOf(holder.address()));
    for (const name of Object.keys(FREE_PORTS)) {
      const { code, out, err } = await run(['demo'], { ...FREE_PORTS, [name]: busy });
      expect({ name, code, out }).toEqual({ name, code: 1, out: '' });
      expect(err).toBe(`pointsman: port ${busy} on 127.0.0.1 is in use by another process\n`);
    }
    holder.close();
  });

  it('ends at Ctrl-C with 0, and leaves neither a port nor a state folder behind', async () => {
    const folders = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('pointsman-demo-'));
    const before = await folders();
    const short = new Program(['demo'], FREE_PORTS);
    const shortUrl = (await short.printed(/API +(http:\/\/[\d.:]+)/))[1] ?? '';
    short.signal('SIGINT');
    expect(await short.end()).toMatchObject({ code: 0, err: '' });
    await expect(ask(shortUrl, { path: '/healthz' })).rejects.toThrow(/ECONNREFUSED/);
    expect(await folders()).toEqual(before);
  });
});

describe('the command line', () => {
  it('says that nobody answers, and ends with 4', async () => {
    const { code, err } = await run(['status'], { POINTSMAN_URL: 'http://127.0.0.1:9' });
    expect(code).toBe(4);
    expect(err).toMatch(/^pointsman: no answer from http:\/\/127\.0\.0\.1:9: .*\n$/);
  });

  it.each([
    ['set'],
    ['set', '10%', '--reason', 'x'],
    ['set', '10'],
    ['nonsense'],
    ['rollback'],
    ['status', '--output', 'xml'],
  ])('ends with 2 when it is used wrongly: %s %s', async (...args) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).not.toBe('');
  });

  it('reports all faults of the configuration at once', async () => {
    const { code, err } = await run(['serve'], {
      POINTSMAN_HTTP_PORT: 'x',
      POINTSMAN_NONSENSE: '1',
      POINTSMAN_BIND: 'nowhere!',
    });
    expect(code).toBe(1);
    for (const name of ['POINTSMAN_HTTP_PORT', 'POINTSMAN_NONSENSE', 'http.bind'])
      expect(err).toContain(name);
  });

  it('refuses to listen beyond loopback without tokens', async () => {
    const { code, err } = await run(['serve'], { ...FREE_PORTS, POINTSMAN_BIND: '0.0.0.0' });
    expect(code).toBe(1);
    expect(err).toMatch(/wants tokens/);
  });

  it.each([
    'demo',
    'serve',
    'status',
    'set',
    'rollback',
    'release',
    'explain',
    'history',
    'decode',
    'simulate',
  ])('%s --help shows an example', async (name) => {
    const { code, out } = await run([name, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/Example/);
  });
});
