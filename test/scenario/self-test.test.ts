import { Judging } from '../../src/slo/judging';
import type { Objective } from '../../src/slo/objectives';
import { startApplication, type TestApplication } from '../support/application';
import { ask, problemOf } from '../support/http';

describe('the self-test before the machine is let at the rollout', () => {
  let application: TestApplication;

  const resume = () => ask(application.url, { path: '/v1/rollout/resume', body: { reason: 'go' } });
  const automation = async () => (await ask(application.url, { path: '/v1/rollout' })).body;

  beforeEach(async () => {
    application = await startApplication({ settings: { replicas: { tickMs: 3_600_000 } } });
  });

  afterEach(() => application.stop());

  it('lets it at the rollout when all known evidence is judged as it should be', async () => {
    expect(await resume()).toMatchObject({ status: 200, body: { automation: { kind: 'armed' } } });
  });

  it('keeps it off when something is judged wrongly, and says what', async () => {
    const [objective] = application.container.get(Judging).objectives as [Objective];
    const { budgetPpm } = objective;
    // What no file can say, because it is checked, a fault of the program could.
    Object.assign(objective, { budgetPpm: NaN });
    try {
      const answer = await resume();
      expect(answer.status).toBe(409);
      const { code, detail, ...problem } = problemOf(answer);
      expect(code).toBe('rollout.self_test_failed');
      expect(detail).toContain('the automation stays off');
      expect(problem).toMatchObject({
        findings: expect.arrayContaining([
          expect.stringMatching(/^command-success, a transport whose devices all fail: the verdict is/),
        ]),
      });
      expect(await automation()).toMatchObject({ automation: { kind: 'manual' } });
    } finally {
      Object.assign(objective, { budgetPpm });
    }
    expect((await resume()).status).toBe(200);
  });
});
