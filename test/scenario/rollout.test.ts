import { ask, field, problemOf, type Answer } from '../support/http';
import { startApplication, type TestApplication } from '../support/application';

describe('steering a rollout over HTTP', () => {
  let application: TestApplication;

  beforeEach(async () => {
    application = await startApplication();
  });

  afterEach(() => application.stop());

  const set = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(application.url, { method: 'PUT', path: '/v1/rollout/percentage', body, headers });
  const post = (verb: string, body: unknown): Promise<Answer> =>
    ask(application.url, { path: `/v1/rollout/${verb}`, body });
  const plan = async () =>
    field(await ask(application.url, { path: '/v1/rollout' }), 'plan') as {
      percentage: number;
      revision: number;
      generation: number;
    };

  it('begins at 0 % with the revision as ETag', async () => {
    const answer = await ask(application.url, { path: '/v1/rollout' });
    expect(answer.headers.etag).toBe('"1"');
    expect(answer.body).toMatchObject({
      plan: { percentage: 0, holdback: 5, pins: {}, mirror: { on: false } },
      automation: { kind: 'manual' },
      effectivePercentage: null,
    });
  });

  it('sets a percentage with a reason and writes down who, why, from where to where', async () => {
    const answer = await set({ percentage: 10, reason: 'first step' });
    expect(answer.status).toBe(200);
    expect(answer.headers.etag).toBe('"2"');
    const { entries } = (await ask(application.url, { path: '/v1/rollout/history?limit=1' })).body as {
      entries: unknown[];
    };
    expect(entries).toMatchObject([
      {
        action: 'set_percentage',
        by: 'local admin',
        reason: 'first step',
        before: { percentage: 0 },
        after: { percentage: 10, revision: 2 },
      },
    ]);
  });

  const refusedPercentages = [
    '"10%"',
    '""',
    'true',
    '1e309',
    '-0.1',
    '100.0001',
    'NaN',
    '[10]',
    '"٣"',
    'null',
    '{}',
    '"10"',
    '0.0001',
  ];
  it.each(refusedPercentages)(
    'refuses the percentage %s with 400 and the rule, and changes nothing',
    async (percentage) => {
      const raw = `{"percentage": ${percentage}, "reason": "try"}`;
      const answer = await ask(application.url, { method: 'PUT', path: '/v1/rollout/percentage', raw });
      expect(answer.status).toBe(400);
      expect(problemOf(answer).detail).toMatch(
        percentage === 'NaN' ? /not valid JSON/ : /from 0 to 100 with at most three decimals/,
      );
      expect(await plan()).toMatchObject({ percentage: 0, revision: 1 });
    },
  );

  it.each([
    { percentage: 10 },
    { percentage: 10, reason: '' },
    { percentage: 10, reason: '   ' },
    { percentage: 10, reason: 7 },
  ])('refuses %j without a reason with 400, and changes nothing', async (body) => {
    const answer = await set(body);
    expect(answer.status).toBe(400);
    expect(problemOf(answer)).toMatchObject({ code: 'reason.missing' });
    expect(await plan()).toMatchObject({ revision: 1 });
  });

  it('wants a large raise confirmed', async () => {
    expect(problemOf(await set({ percentage: 60, reason: 'jump' }))).toMatchObject({
      status: 409,
      code: 'rollout.confirmation_required',
    });
    expect((await set({ percentage: 60, reason: 'jump', confirm: true })).status).toBe(200);
  });

  it('honours If-Match: 412 shows the current document and who changed it', async () => {
    await set({ percentage: 5, reason: 'somebody was quicker' });
    const answer = await set({ percentage: 10, reason: 'mine' }, { 'if-match': '"1"' });
    expect(answer.status).toBe(412);
    const problem = problemOf(answer);
    expect(problem.detail).toContain('local admin');
    expect(problem.detail).toContain('somebody was quicker');
    expect(problem.current).toMatchObject({ plan: { percentage: 5, revision: 2 } });
    expect((await set({ percentage: 10, reason: 'mine' }, { 'if-match': '"2"' })).status).toBe(200);
    expect((await set({ percentage: 11, reason: 'mine' }, { 'if-match': 'W/"x"' })).status).toBe(400);
  });

  it('rolls back to 0 %, latches, and refuses a raise until it is released with a reason', async () => {
    await set({ percentage: 20, reason: 'up' });
    expect((await post('rollback', {})).status).toBe(400);
    const back = await post('rollback', { reason: 'lights flicker' });
    expect(back.body).toMatchObject({
      plan: { percentage: 0, generation: 2 },
      automation: { kind: 'latched', reason: 'lights flicker' },
    });
    const refused = await set({ percentage: 5, reason: 'again' });
    expect(refused.status).toBe(409);
    expect(problemOf(refused).detail).toContain('pointsman release --reason');
    expect((await post('release', { reason: 'fixed' })).body).toMatchObject({
      plan: { percentage: 0, generation: 3 },
      automation: { kind: 'manual' },
    });
    expect((await set({ percentage: 5, reason: 'again' })).status).toBe(200);
  });

  it('answers a second rollback with what stands already', async () => {
    await set({ percentage: 20, reason: 'up' });
    await post('rollback', { reason: 'first' });
    const second = await post('rollback', { reason: 'second' });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({
      unchanged: 'already at 0 % in generation 2',
      plan: { revision: 3, generation: 2 },
    });
  });

  it('refuses to release what is not latched', async () => {
    expect(problemOf(await post('release', { reason: 'nothing' }))).toMatchObject({
      status: 409,
      code: 'rollout.not_latched',
    });
  });

  it('keeps the plan over a restart', async () => {
    await set({ percentage: 12.345, reason: 'kept' });
    const { stateDir } = application;
    const again = await startApplication({ settings: { stateDir } });
    const { body } = await ask(again.url, { path: '/v1/rollout' });
    expect(body).toMatchObject({ plan: { percentage: 12.345, reason: 'kept', revision: 2 } });
    await again.stop();
  });
});
