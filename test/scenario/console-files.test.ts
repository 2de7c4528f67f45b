import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApplication, type TestApplication } from '../support/application';
import { ask, problemOf } from '../support/http';
import { inTemporaryFolder } from '../support/temporary-folder';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

async function serving(
  consoleDir: string,
  look: (application: TestApplication) => Promise<void>,
): Promise<void> {
  const application = await startApplication({ settings: { http: { port: 0, consoleDir } } });
  await look(application).finally(() => application.stop());
}

describe('the files of the web console', () => {
  it('are served with a policy that lets nothing else in', async () => {
    await inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'assets'));
      await writeFile(join(folder, 'index.html'), '<!doctype html><title>t</title>');
      await writeFile(join(folder, 'assets', 'page-abc.js'), '1;');
      await writeFile(join(folder, 'assets', 'page-abc.js.map'), '{}');
      await writeFile(join(folder, 'secret.js'), 'no');
      await serving(folder, async ({ url }) => {
        const page = await ask(url, { path: '/' });
        expect(page).toMatchObject({
          status: 200,
          body: '<!doctype html><title>t</title>',
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': POLICY,
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'no-referrer',
            'cache-control': 'no-cache',
          },
        });
        const again = await ask(url, {
          path: '/',
          headers: { 'if-none-match': page.headers.etag as string },
        });
        expect(again.status).toBe(304);
        const asset = await ask(url, { path: '/assets/page-abc.js' });
        expect(asset).toMatchObject({
          status: 200,
          headers: {
            'content-type': 'text/javascript; charset=utf-8',
            'content-security-policy': POLICY,
            'x-content-type-options': 'nosniff',
            'cache-control': 'public, max-age=31536000, immutable',
          },
        });
        for (const path of [
          '/assets/page-abc.js.map',
          '/assets/..%2Fsecret.js',
          '/assets/..%2f..%2fetc%2fpasswd',
          '/secret.js',
          '/index.html',
        ])
          expect(problemOf(await ask(url, { path })).status).toBe(404);
      });
    });
  });

  it('take no token in the URL, as nothing does', async () => {
    await inTemporaryFolder((folder) =>
      serving(folder, async ({ url }) => {
        expect(problemOf(await ask(url, { path: '/?token=abc' })).code).toBe('token.in_url');
      }),
    );
  });

  it('are said to be missing where they were not built; the API answers all the same', async () => {
    await inTemporaryFolder((folder) =>
      serving(join(folder, 'none'), async ({ url }) => {
        const page = await ask(url, { path: '/' });
        expect(page.status).toBe(404);
        expect(page.body).toContain('npm run build');
        expect((await ask(url, { path: '/v1/rollout' })).status).toBe(200);
        expect((await ask(url, { path: '/healthz' })).status).toBe(200);
        expect(problemOf(await ask(url, { path: '/nowhere' })).code).toBe('request.invalid');
      }),
    );
  });
});
