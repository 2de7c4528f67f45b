import { ask, field, problemOf, type Answer } from '../support/http';
import { rulesFor, startApplication, tokenOf, type TestApplication } from '../support/application';

const DEVICE = '00000001';

describe('steering the whole rollout over HTTP', () => {
  let application: TestApplication;

  beforeEach(async () => {
    application = await startApplication();
  });

  afterEach(() => application.stop());

  const put = (what: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(application.url, {
      method: 'PUT',
      path: `/v1/rollout/${what}`,
      body: { reason: 'because', ...body },
      headers,
    });
  const post = (verb: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(application.url, { path: `/v1/rollout/${verb}`, body: { reason: 'because', ...body }, headers });
  const look = (): Promise<Answer> => ask(application.url, { path: '/v1/rollout' });

  it('shows stage, ladder, gates, replicas and store beside the plan', async () => {
    const { body } = await look();
    expect(body).toMatchObject({
      freeze: null,
      stage: { name: 'dark-launch', index: 1, of: 10, next: 'canary-10', clockReset: null, approvals: [] },
      replicas: [{ self: true, differs: false, revision: 1, generation: 1, percentage: 0 }],
      store: { kind: 'file', healthy: true, detail: null, unstored: 0 },
      coverage: { devices: 0, spoken: 0 },
    });
    const { ladder, gates } = body as {
      ladder: { state: string }[];
      gates: { state: string; lacks: string }[];
    };
    expect(ladder.map(({ state }) => state)).toEqual(['current', ...Array<string>(9).fill('ahead')]);
    expect(gates.length).toBeGreaterThan(0);
    for (const gate of gates.filter(({ state }) => state !== 'open')) expect(gate.lacks).toMatch(/\w/);
  });

  it('switches the mirror on for all, or for as many as it is told, and remembers how many', async () => {
    expect((await put('mirror', { on: true })).body).toMatchObject({
      plan: { mirror: { on: true, percentage: 100 } },
    });
    await put('mirror', { on: true, percentage: 5 });
    await put('mirror', { on: false });
    expect((await put('mirror', { on: true })).body).toMatchObject({
      plan: { mirror: { on: true, percentage: 5 } },
    });
  });

  it('merges pins into those there are, and takes one away with null', async () => {
    await put('pins', { pins: { [DEVICE]: 'legacy', '00000002': 'new' }, confirm: true });
    expect(
      (await put('pins', { pins: { [DEVICE]: null, '00000003': 'legacy' }, confirm: true })).body,
    ).toMatchObject({
      plan: { pins: { '00000002': 'new', '00000003': 'legacy' } },
    });
    const pins = field(await look(), 'plan') as { pins: object };
    expect(Object.keys(pins.pins)).toEqual(['00000002', '00000003']);
  });

  it('lowers the holdback only when a large step is confirmed, and raises it at once', async () => {
    await put('percentage', { percentage: 100, confirm: true });
    expect((await put('holdback', { holdback: 60 })).body).toMatchObject({ plan: { holdback: 60 } });
    expect(problemOf(await put('holdback', { holdback: 5 }))).toMatchObject({
      status: 409,
      code: 'rollout.confirmation_required',
    });
    expect((await put('holdback', { holdback: 5, confirm: true })).body).toMatchObject({
      plan: { holdback: 5 },
    });
  });

  it('arms, pauses and arms again, and says when nothing was to be done', async () => {
    expect((await post('resume')).body).toMatchObject({ automation: { kind: 'armed' } });
    expect((await post('resume')).body).toMatchObject({ unchanged: 'the automation is armed already' });
    expect((await post('pause')).body).toMatchObject({ automation: { kind: 'paused', reason: 'because' } });
    expect((await post('resume')).body).toMatchObject({ automation: { kind: 'armed' } });
  });

  it('takes an armed automation off when a hand sets the percentage', async () => {
    await post('resume');
    expect((await put('percentage', { percentage: 5 })).body).toMatchObject({
      automation: { kind: 'paused' },
    });
  });

  it('promotes past closed gates only when that is confirmed', async () => {
    const refused = await post('promote');
    expect(problemOf(refused)).toMatchObject({ status: 409, code: 'gate.closed' });
    expect((await post('promote', { confirm: true })).body).toMatchObject({
      plan: { percentage: 10 },
      stage: { name: 'canary-10', index: 2 },
    });
  });

  it('refuses an approval that no gate wants', async () => {
    expect(problemOf(await post('approve'))).toMatchObject({ status: 409, code: 'approval.not_wanted' });
  });

  it('rolls back one stage where it is asked to', async () => {
    await post('promote', { confirm: true });
    await post('promote', { confirm: true });
    expect((await post('rollback', { to: 'previous_stage' })).body).toMatchObject({
      plan: { percentage: 10, generation: 2 },
      automation: { kind: 'latched' },
    });
  });

  it('draws the cohorts anew only when a release says so', async () => {
    const salt = async () => (field(await look(), 'plan') as { salt: string }).salt;
    const before = await salt();
    await post('rollback');
    await post('release');
    expect(await salt()).toBe(before);
    await post('rollback');
    await post('release', { newSalt: true });
    expect(await salt()).not.toBe(before);
  });

  const raises: readonly (readonly [string, () => Promise<Answer>])[] = [
    ['a higher percentage', () => put('percentage', { percentage: 20, confirm: true })],
    ['a lower holdback', () => put('holdback', { holdback: 1, confirm: true })],
    ['a pin to new', () => put('pins', { pins: { [DEVICE]: 'new' }, confirm: true })],
    ['a promotion', () => post('promote', { confirm: true })],
  ];

  it.each(raises)('refuses %s while latched, and says which command lifts that', async (_what, raise) => {
    await put('percentage', { percentage: 10 });
    await post('rollback', { to: 'previous_stage', reason: 'lamps flicker' });
    const answer = await raise();
    expect(problemOf(answer)).toMatchObject({
      status: 409,
      code: 'rollout.latched',
      liftedBy: 'pointsman release --reason "…"',
      author: { by: 'local admin', reason: 'lamps flicker' },
    });
    expect(problemOf(answer).detail).toContain('pointsman release --reason');
  });

  it.each(raises)('refuses %s while frozen, and says which command lifts that', async (_what, raise) => {
    await put('percentage', { percentage: 10 });
    await post('freeze', { reason: 'holidays' });
    const answer = await raise();
    expect(problemOf(answer)).toMatchObject({
      status: 409,
      code: 'rollout.frozen',
      liftedBy: 'pointsman unfreeze --reason "…"',
    });
    expect(problemOf(answer).detail).toContain('holidays');
    await post('unfreeze');
    expect((await raise()).status).toBe(200);
  });

  it('lets everything through that lowers, latched and frozen', async () => {
    await put('percentage', { percentage: 20 });
    await post('freeze');
    expect((await put('percentage', { percentage: 15 })).status).toBe(200);
    expect((await put('holdback', { holdback: 10 })).status).toBe(200);
    expect((await put('pins', { pins: { [DEVICE]: 'legacy' } })).status).toBe(200);
    expect((await post('rollback')).body).toMatchObject({ plan: { percentage: 0 } });
  });

  it('honours If-Match on every change but a rollback', async () => {
    await put('mirror', { on: true });
    const stale = { 'if-match': '"1"' };
    const changes = [
      put('percentage', { percentage: 1 }, stale),
      put('holdback', { holdback: 6 }, stale),
      put('mirror', { on: false }, stale),
      put('pins', { pins: { [DEVICE]: 'legacy' } }, stale),
      post('promote', { confirm: true }, stale),
      post('approve', {}, stale),
      post('pause', {}, stale),
      post('resume', {}, stale),
      post('freeze', {}, stale),
      post('unfreeze', {}, stale),
      post('release', {}, stale),
    ];
    for (const answer of await Promise.all(changes)) {
      expect(problemOf(answer)).toMatchObject({
        status: 412,
        code: 'revision.mismatch',
        current: { plan: { revision: 2 } },
        author: { by: 'local admin', reason: 'because' },
      });
    }
    expect((await post('rollback', {}, stale)).status).toBe(200);
  });

  it('answers each change with the ETag that the next one may name', async () => {
    const answer = await put('percentage', { percentage: 5 });
    const etag = answer.headers.etag as string;
    expect((await post('freeze', {}, { 'if-match': etag })).status).toBe(200);
    expect((await post('unfreeze', {}, { 'if-match': etag })).status).toBe(412);
  });

  it('pages through the history without losing or repeating an entry', async () => {
    for (let step = 1; step <= 7; step += 1)
      await put('percentage', { percentage: step, reason: `step ${step}` });
    const reasons: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after = cursor === '' ? '' : `&after=${cursor}`;
      const { body } = await ask(application.url, { path: `/v1/rollout/history?limit=3${after}` });
      const page = body as { entries: { reason: string }[]; next: string | null };
      reasons.push(...page.entries.map(({ reason }) => reason));
      cursor = page.next;
    }
    expect(reasons.slice(0, 7)).toEqual([7, 6, 5, 4, 3, 2, 1].map((step) => `step ${step}`));
    expect(reasons).toHaveLength(8);
  });

  it('gives the evidence of one revision, and says so when there is none of it', async () => {
    await post('promote', { confirm: true, reason: 'the team is here' });
    const { body } = await ask(application.url, { path: '/v1/rollout/history/2' });
    expect(body).toMatchObject({
      revision: 2,
      entries: [
        { action: 'promote', reason: 'the team is here', evidence: { from: 'dark-launch', to: 'canary-10' } },
      ],
    });
    expect(problemOf(await ask(application.url, { path: '/v1/rollout/history/99' }))).toMatchObject({
      status: 404,
      code: 'revision.unknown',
    });
    expect((await ask(application.url, { path: '/v1/rollout/history/last' })).status).toBe(400);
    expect((await ask(application.url, { path: '/v1/rollout/history?after=..%2F' })).status).toBe(400);
  });

  it('says at which stage of the ladder a device moves', async () => {
    const { body } = await ask(application.url, { path: `/v1/devices/${DEVICE}/route` });
    const { bucket, movesAt } = body as { bucket: number; movesAt: { percentage: number; state: string } };
    expect(movesAt).toMatchObject({ state: 'ahead', of: 10 });
    expect(bucket).toBeLessThan(movesAt.percentage * 1000);
  });
});

describe('what a change of the rollout must not hold', () => {
  let application: TestApplication;

  beforeAll(async () => {
    application = await startApplication();
  });

  afterAll(() => application.stop());

  const etag = async () => (await ask(application.url, { path: '/v1/rollout' })).headers.etag;

  it.each([
    [{ pins: {} }, 'at least one device'],
    [{ pins: { lamp: 'new' } }, '8 lower-case hex digits'],
    [{ pins: { [DEVICE]: 'newer' } }, 'a pin is one of: "new", "legacy", null'],
    [{ pins: [DEVICE] }, 'pins'],
    [{}, 'pins'],
  ])('refuses the pins %j with 400 and the rule', async (body, rule) => {
    const answer = await ask(application.url, {
      method: 'PUT',
      path: '/v1/rollout/pins',
      body: { reason: 'because', ...body },
    });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).detail).toContain(rule);
    expect(await etag()).toBe('"1"');
  });

  it('takes no pin for a name that every object has', async () => {
    const raw = '{"pins":{"__proto__":"new"},"reason":"polluted"}';
    const answer = await ask(application.url, { method: 'PUT', path: '/v1/rollout/pins', raw });
    expect(answer.status).toBe(400);
    expect(await etag()).toBe('"1"');
  });

  it.each(['"5"', '101', '-1', '0.0001', 'null'])(
    'refuses a holdback of %s with the rule of percentages',
    async (text) => {
      const raw = `{"holdback": ${text}, "reason": "try"}`;
      const answer = await ask(application.url, { method: 'PUT', path: '/v1/rollout/holdback', raw });
      expect(problemOf(answer)).toMatchObject({ status: 400, code: 'percentage.invalid' });
      expect(await etag()).toBe('"1"');
    },
  );
});

describe('a caller that asks for too much', () => {
  let application: TestApplication;

  beforeAll(async () => {
    application = await startApplication({
      accessRules: rulesFor('operator', 'admin'),
      settings: { control: { raiseBurst: 3, raisesPerSecond: 0.01 } },
    });
  });

  afterAll(() => application.stop());

  const call = (role: 'operator' | 'admin', method: string, path: string, body: object): Promise<Answer> =>
    ask(application.url, {
      method,
      path: `/v1/rollout/${path}`,
      body: { reason: 'again', ...body },
      headers: { authorization: `Bearer ${tokenOf(role)}` },
    });

  it('is refused with 429, while others are not, and its rollback goes through', async () => {
    for (const percentage of [1, 2, 3])
      expect((await call('operator', 'PUT', 'percentage', { percentage })).status).toBe(200);
    const refused = await call('operator', 'PUT', 'percentage', { percentage: 4 });
    expect(problemOf(refused)).toMatchObject({ status: 429, code: 'rollout.too_many_changes' });
    expect(refused.headers['retry-after']).toBe('1');
    expect((await call('admin', 'PUT', 'percentage', { percentage: 4 })).status).toBe(200);
    for (const percentage of [3.9, 3.8, 3.7])
      expect((await call('operator', 'PUT', 'percentage', { percentage })).status).toBe(200);
    expect((await call('operator', 'POST', 'rollback', {})).body).toMatchObject({ plan: { percentage: 0 } });
  });
});
