import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertmanagerServer } from '../support/alertmanager-server';
import { isRun, runnable, Shell, syntaxFault } from '../support/documented-commands';
import { freePort } from '../support/free-port';
import { ask } from '../support/http';
import { readPage } from '../support/markdown';
import { FREE_PORTS, Program } from '../support/program';
import { PrometheusServer } from '../support/prometheus-server';
import { RedisLab } from '../support/redis-server';
import { ROOT } from '../support/tool';

const PAGES = readdirSync(join(ROOT, 'docs/runbooks')).map((name) => readPage(`docs/runbooks/${name}`));
/** Each once, however many pages show it and whatever reason they give. */
const COMMANDS = [
  ...new Map(
    PAGES.flatMap(runnable).map((each) => [
      `${each.command.replace(/--reason "[^"]*"/, '')} ${each.given}`,
      each,
    ]),
  ).values(),
];

const NOBODY_TOLD = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };

/** The application with all that runbooks speak of, real. */
class Surroundings {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pointsman-runbooks-'));
  private readonly redis = new RedisLab();
  private alertmanager: AlertmanagerServer | undefined;
  private readonly targets = join(this.folder, 'targets.json');
  private readonly prometheus = new PrometheusServer({
    scrape_configs: [
      { job_name: 'pointsman', scrape_interval: '1s', file_sd_configs: [{ files: [this.targets] }] },
    ],
    rule_files: [join(ROOT, 'alerts', '*.rules.yaml')],
  });
  private demo: Program | undefined;
  private shell: Shell | undefined;
  private url = '';
  private metrics = '';
  private authorization = '';

  async start(): Promise<void> {
    writeFileSync(this.targets, '[]');
    const alertmanager = new AlertmanagerServer(await freePort(), NOBODY_TOLD);
    this.alertmanager = alertmanager;
    const [server] = await Promise.all([
      this.redis.server('--requirepass', 'of this test'),
      this.prometheus.start(),
      alertmanager.start(),
    ]);
    const redisUrl = server.url.replace('//', '//:of%20this%20test@');
    const config = join(this.folder, 'config.yaml');
    writeFileSync(config, 'control: { raisesPerSecond: 1000, raiseBurst: 1000 }\n');
    this.demo = new Program(['demo'], {
      ...FREE_PORTS,
      POINTSMAN_CONFIG: config,
      POINTSMAN_STATE_DIR: join(this.folder, 'state'),
      POINTSMAN_REDIS_URL: redisUrl,
      POINTSMAN_PROMETHEUS_URL: this.prometheus.url,
      POINTSMAN_ALERTMANAGER_URL: alertmanager.url,
    });
    const token = (await this.demo.printed(/^token: (\S+)$/m))[1] ?? '';
    this.url = (await this.demo.printed(/API +(http:\/\/[\d.:]+)/))[1] ?? '';
    this.metrics = (await this.demo.printed(/metrics +http:\/\/([\d.:]+)/))[1] ?? '';
    const device = (await this.demo.printed(/explain ([0-9a-f]{8})/))[1] ?? '';
    await this.demo.printed(/\d+\/200 devices/);
    writeFileSync(this.targets, JSON.stringify([{ targets: [this.metrics] }]));
    this.authorization = `Bearer ${token}`;
    this.shell = new Shell({
      POINTSMAN_URL: this.url,
      POINTSMAN_TOKEN: token,
      POINTSMAN_REDIS_URL: redisUrl,
      PROMETHEUS: this.prometheus.url,
      ALERTMANAGER: alertmanager.url,
      DEVICE: device,
    });
  }

  /** Pages name the default ports. */
  async run(command: string) {
    const here = command
      .replaceAll('http://127.0.0.1:8080', this.url)
      .replaceAll('127.0.0.1:9400', this.metrics);
    return (this.shell as Shell).run(here);
  }

  /** 10 %, by hand, neither frozen nor latched, unless something else is wanted. */
  async bring(given: string): Promise<void> {
    const { automation, freeze, plan } = await this.rollout();
    if (freeze !== null) await this.post('unfreeze');
    if (automation.kind === 'latched') await this.post('release');
    if (plan.percentage !== 10 || automation.kind === 'latched')
      await this.change('PUT', 'percentage', { percentage: 10, confirm: true });
    if (given === 'latched') await this.post('rollback');
    if (given === 'frozen') await this.post('freeze');
  }

  async stop(): Promise<void> {
    this.demo?.signal('SIGTERM');
    await this.demo?.end();
    this.shell?.dispose();
    await Promise.all([this.redis.close(), this.prometheus.close(), this.alertmanager?.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async rollout() {
    const { body } = await ask(this.url, { path: '/v1/rollout', headers: this.headers() });
    return body as { automation: { kind: string }; freeze: unknown; plan: { percentage: number } };
  }

  private post(what: string): Promise<void> {
    return this.change('POST', what, {});
  }

  private async change(method: string, what: string, body: object): Promise<void> {
    const { status } = await ask(this.url, {
      method,
      path: `/v1/rollout/${what}`,
      headers: this.headers(),
      body: { ...body, reason: 'as a page of the runbooks wants it' },
    });
    if (status !== 200) throw new Error(`${what} was answered ${status}`);
  }

  private headers() {
    return { authorization: this.authorization };
  }
}

describe('what runbooks say to type', () => {
  const surroundings = new Surroundings();
  beforeAll(() => surroundings.start());
  afterAll(() => surroundings.stop());

  test.each(COMMANDS.map((each) => [each.command, each] as const))(
    '%s',
    async (command, { exits, given }) => {
      await surroundings.bring(given);
      const { code, out } = await surroundings.run(command);
      expect({ command, out, code: exits.includes(code ?? -1) ? 'as documented' : code }).toEqual({
        command,
        out,
        code: 'as documented',
      });
    },
  );

  test('is much, and of every kind', () => {
    for (const program of ['pointsman', 'promtool', 'amtool', 'curl', 'redis-cli'])
      expect(COMMANDS.filter(({ command }) => command.startsWith(`${program} `)).length).toBeGreaterThan(0);
    expect(COMMANDS.length).toBeGreaterThan(50);
  });
});

describe('what runbooks show and no test can run', () => {
  const blocks = PAGES.flatMap((page) =>
    page.blocks
      .filter((block) => block.language === 'sh' && !isRun(block))
      .map((block) => [`${page.path}, line ${block.line}`, block.text] as const),
  );

  test.each(blocks)('can be read by a shell: %s', (_place, text) => {
    expect(syntaxFault(text)).toBe('');
  });

  test('is what wants a cluster or an engine', () => {
    for (const [place, text] of blocks)
      expect([place, text]).toEqual([place, expect.stringMatching(/\b(kubectl|docker|helm)\b/)]);
    expect(syntaxFault('kubectl get pods | (')).not.toBe('');
  });
});
