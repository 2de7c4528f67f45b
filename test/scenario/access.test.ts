import { ROLES } from '../../src/kernel/roles';
import { ROUTES } from '../../src/api/openapi-routes';
import { ask, problemOf } from '../support/http';
import { rulesFor, startApplication, tokenOf, type TestApplication } from '../support/application';

describe('a server without tokens', () => {
  let application: TestApplication;
  const anywhere = { path: '/v1/rollout' };

  beforeAll(async () => {
    application = await startApplication();
  });

  afterAll(() => application.stop());

  it('takes every local caller for admin', async () => {
    expect((await ask(application.url, anywhere)).status).toBe(200);
  });

  it('still refuses a token that is wrong', async () => {
    const answer = await ask(application.url, { ...anywhere, headers: { authorization: 'Bearer wrong' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['evil.example', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example:80'])(
    'refuses the rebinding Host %s',
    async (host) => {
      expect(problemOf(await ask(application.url, { ...anywhere, headers: { host } }))).toMatchObject({
        status: 403,
        code: 'host.refused',
      });
    },
  );

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1'])(
    'refuses a page of the other origin %s',
    async (origin) => {
      expect(problemOf(await ask(application.url, { ...anywhere, headers: { origin } }))).toMatchObject({
        status: 403,
        code: 'origin.refused',
      });
    },
  );

  it('lets its own pages in', async () => {
    expect((await ask(application.url, { ...anywhere, headers: { origin: application.url } })).status).toBe(
      200,
    );
  });

  it('takes JSON only, whatever a form of a foreign page could send', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await ask(application.url, {
        method: 'POST',
        path: '/v1/rollout/rollback',
        raw: '{"reason":"forged"}',
        headers: { 'content-type': type },
      });
      expect({ type, status: answer.status }).toEqual({ type, status: 415 });
    }
  });

  it('answers a body over the limit with 413, and one that is no JSON with 400', async () => {
    const large = JSON.stringify({ reason: 'x'.repeat(70_000) });
    expect(problemOf(await ask(application.url, { path: '/v1/rollout/rollback', raw: large })).status).toBe(
      413,
    );
    expect(
      problemOf(await ask(application.url, { path: '/v1/rollout/rollback', raw: '{"reason":' })).status,
    ).toBe(400);
  });

  it('refuses a token in a URL', async () => {
    expect(problemOf(await ask(application.url, { path: '/v1/rollout?access_token=abc' }))).toMatchObject({
      status: 400,
      code: 'token.in_url',
    });
  });

  it('answers an unknown path with a problem document', async () => {
    expect(problemOf(await ask(application.url, { path: '/v1/nothing' })).status).toBe(404);
  });
});

describe('a server with tokens', () => {
  let application: TestApplication;

  beforeAll(async () => {
    application = await startApplication({ accessRules: rulesFor(...ROLES) });
  });

  afterAll(() => application.stop());

  const call = (method: string, path: string, token?: string) =>
    ask(application.url, {
      method: method.toUpperCase(),
      path: path.replace('{id}', '00000001'),
      ...(method === 'get' ? {} : { body: {} }),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  const guarded = ROUTES.filter(({ roles }) => roles.length > 0);

  it.each(guarded.map(({ method, path }) => [method, path] as const))(
    'wants a token for %s %s',
    async (method, path) => {
      expect(problemOf(await call(method, path)).status).toBe(401);
      expect(problemOf(await call(method, path, 'wrong-token-wrong-token')).status).toBe(401);
    },
  );

  it.each(
    guarded.flatMap(({ method, path, roles }) =>
      ROLES.map((role) => [role, method, path, role === 'admin' || roles.includes(role)] as const),
    ),
  )('asks of %s to %s %s: allowed is %s', async (role, method, path, allowed) => {
    const { status } = await call(method, path, tokenOf(role));
    expect(status === 403).toBe(!allowed);
    expect(status).not.toBe(401);
  });

  it.each(ROUTES.map(({ method, path }) => [method, path] as const))(
    'refuses a token in the URL of %s %s, whoever sends it',
    async (method, path) => {
      const answer = await call(method, `${path}?token=${tokenOf('admin')}`, tokenOf('admin'));
      expect(problemOf(answer)).toMatchObject({ status: 400, code: 'token.in_url' });
    },
  );

  it('answers health without a token', async () => {
    expect((await call('get', '/healthz')).status).toBe(200);
    expect((await call('get', '/readyz')).body).toEqual({ status: 'ready' });
  });

  it('writes the name of the token into the history', async () => {
    await ask(application.url, {
      path: '/v1/rollout/rollback',
      body: { reason: 'named' },
      headers: { authorization: `Bearer ${tokenOf('operator')}` },
    });
    const answer = await call('get', '/v1/rollout/history', tokenOf('viewer'));
    expect(answer.body).toMatchObject({
      entries: [{ by: 'the operator', reason: 'named' }, { action: 'seed' }],
    });
  });
});

describe('the OpenAPI document', () => {
  it('describes every path that the server answers, and none that it does not', async () => {
    const application = await startApplication();
    const document = (await ask(application.url, { path: '/openapi.json' })).body as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path } of ROUTES) {
      const answer = await ask(application.url, {
        method: method.toUpperCase(),
        path: path.replace('{id}', '00000001'),
        ...(method === 'get' ? {} : { body: {} }),
      });
      expect({ path, known: answer.status !== 404 || problemOf(answer).code !== 'request.invalid' }).toEqual({
        path,
        known: true,
      });
    }
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(ROUTES.map(({ path }) => path))].sort());
    await application.stop();
  });
});
