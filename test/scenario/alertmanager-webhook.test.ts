import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Rollout } from '../../src/rollout/rollout';
import { alertWith, delivery } from '../support/alerts';
import { rulesFor, startApplication, tokenOf, until, type TestApplication } from '../support/application';
import { ask, type Answer } from '../support/http';

const PATH = '/v1/webhooks/alertmanager';

describe('the webhook for Alertmanager', () => {
  let application: TestApplication;
  let rollout: Rollout;

  const post = (body: unknown, role: 'hook' | 'app' = 'hook'): Promise<Answer> =>
    ask(application.url, { path: PATH, body, headers: { authorization: `Bearer ${tokenOf(role)}` } });
  const raise = (percentage: number): Promise<unknown> =>
    rollout.apply({ kind: 'set_percentage', percentage, confirmed: true, by: 'ana', reason: 'ramp' });
  const generation = (): string => String(rollout.document.plan.generation);

  const dropped = async (): Promise<number> =>
    (await rollout.history(10)).filter(({ action }) => action === 'dropped').length;

  beforeEach(async () => {
    application = await startApplication({ accessRules: rulesFor('hook', 'app') });
    rollout = application.container.get(Rollout);
    await raise(25);
  });

  afterEach(() => application.stop());

  it('rolls back, latches, and keeps the alert as evidence, with the counts of the generation that it goes back from', async () => {
    const accused = rollout.document.plan.generation;
    const answer = await post(delivery(alertWith({ generation: generation() })));
    expect(answer).toMatchObject({ status: 200, body: { changed: true, rolledBack: 1 } });
    expect(rollout.document).toMatchObject({ plan: { percentage: 0 }, automation: { kind: 'latched' } });
    const [entry] = await rollout.history(1);
    expect(entry).toMatchObject({
      action: 'rollback',
      reason: 'NewPathFailing: the new path fails',
      evidence: {
        counts: {
          generation: accused,
          here: { 'command-success': { new: { good: 0, total: 0 }, legacy: { good: 0, total: 0 } } },
        },
        alerts: [{ fingerprint: 'f1' }],
      },
    });
  });

  it('leaves a ramp alone that began after the alert', async () => {
    const stale = alertWith({ generation: generation() });
    await post(delivery(stale));
    await rollout.apply({ kind: 'release', by: 'ana', reason: 'mended' });
    await raise(10);
    const answers = [await post(delivery(stale)), await post(delivery(stale))];
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      Array.from({ length: 2 }, () => ({
        status: 200,
        body: { changed: false, rolledBack: 0, paused: 0, ignored: { stale: 1 } },
      })),
    );
    expect(rollout.document.plan.percentage).toBe(10);
    // What changes nothing is written down after the answer.
    await until(async () => (await dropped()) > 0);
    expect(await dropped()).toBe(1);
  });

  it('pauses the machine for an alert that asks for it, and leaves the percentage', async () => {
    await rollout.apply({ kind: 'resume', by: 'ana', reason: 'go' });
    await post(delivery(alertWith({ action: 'pause', generation: generation() })));
    expect(rollout.document).toMatchObject({ plan: { percentage: 25 }, automation: { kind: 'paused' } });
  });

  it('asks for the delivery again when what took effect cannot be stored', async () => {
    const file = join(application.stateDir, 'rollout.json');
    await rm(file, { force: true });
    // A folder in its place cannot be replaced by a file, whoever the process runs as.
    await mkdir(join(file, 'in the way'), { recursive: true });
    const alert = delivery(alertWith({ generation: generation() }));
    expect((await post(alert)).status).toBe(503);
    expect(rollout.document.plan.percentage).toBe(0);
    expect((await post(alert)).status).toBe(503);
    await rm(file, { recursive: true });
    expect((await post(alert)).status).toBe(200);
  });

  it.each([
    ['no JSON', { raw: '{', headers: {} }],
    ['another type', { raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['another version', { body: { version: '5', alerts: [] }, headers: {} }],
  ])('counts what makes no sense (%s) and does not refuse it', async (_, { headers, ...about }) => {
    const authorization = `Bearer ${tokenOf('hook')}`;
    const answer = await ask(application.url, {
      path: PATH,
      ...about,
      headers: { ...headers, authorization },
    });
    expect(answer).toMatchObject({ status: 200, body: { changed: false, ignored: { malformed: 1 } } });
    expect(rollout.document.plan.percentage).toBe(25);
  });

  it('refuses a forged call, whatever is in it, and one that is too large', async () => {
    const forged = { path: PATH, raw: '{', headers: { authorization: 'Bearer forged' } };
    expect((await ask(application.url, forged)).status).not.toBe(200);
    const alert = delivery(alertWith({ generation: generation() }));
    expect((await ask(application.url, { path: PATH, body: alert })).status).toBe(401);
    expect((await post(alert, 'app')).status).toBe(403);
    expect((await post({ version: '4', alerts: [], padding: 'x'.repeat(100_000) })).status).toBe(413);
    expect(rollout.document.plan.percentage).toBe(25);
  });
});
