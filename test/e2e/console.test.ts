import type { Browser, Page } from 'playwright-core';
import { LOOPBACK_RULES } from '../../src/api/access';
import { rulesFor, startApplication, tokenOf } from '../support/application';
import { launchChromium, openPage, seriousBarriers, type WatchedPage } from '../support/browser';
import { CONSOLE_DIR, ConsoleBench } from '../support/console-bench';
import { ask } from '../support/http';
import { keepScreenshots, writeScreenshots } from '../support/screenshots';

const STORY_MS = 180_000;
const HEADLINE = '#headline';

const signIn = async ({ page }: WatchedPage, url: string, token: string): Promise<void> => {
  await page.goto(url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('● live').waitFor();
};

/** Opens the dialog of a button, fills it in and sends it. */
const wish = async (page: Page, button: string, fields: Readonly<Record<string, string>>): Promise<void> => {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(fields))
    await dialog.getByLabel(label, { exact: true }).fill(text);
  await dialog.getByRole('button', { name: button }).click();
};

const dialogGone = (page: Page): Promise<void> => page.getByRole('dialog').waitFor({ state: 'detached' });
const textOf = (page: Page, testId: string): Promise<string> => page.getByTestId(testId).innerText();
const PERCENTAGE = 'Percentage of the fleet on new';

describe('the web console in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  describe('before a fleet under way', () => {
    let bench: ConsoleBench;
    let url: string;

    beforeAll(async () => {
      bench = await ConsoleBench.start(rulesFor('admin', 'viewer', 'app'));
      ({ url } = bench.application);
    }, STORY_MS);

    afterAll(async () => {
      await bench.stop();
      await writeScreenshots();
    }, STORY_MS);

    const setByApi = (percentage: number) =>
      ask(url, {
        method: 'PUT',
        path: '/v1/rollout/percentage',
        body: { percentage, reason: 'from elsewhere' },
        headers: { authorization: `Bearer ${tokenOf('admin')}` },
      });

    it(
      'shows a ramp go up by hand, and come down by itself when the new path breaks',
      async () => {
        const tab = await openPage(browser);
        const { page, faults } = tab;
        await signIn(tab, url, tokenOf('admin'));
        expect(page.url()).toBe(`${url}/`);
        await page.locator('.ladder li[aria-current="step"]', { hasText: 'dark-launch' }).waitFor();
        expect(await page.locator('.ladder li').count()).toBe(10);
        expect(await page.locator(HEADLINE).innerText()).toContain('Every device is on legacy');

        await wish(page, 'Set percentage', { [PERCENTAGE]: '10', Reason: 'first devices' });
        await dialogGone(page);
        await page.locator('.ladder li[aria-current="step"]', { hasText: 'canary-10' }).waitFor();
        expect(await textOf(page, 'configured')).toBe('10 %');
        // Traffic moves, and the page shows it without being asked.
        await page.locator('[data-testid="minute-new"] td', { hasText: '100 %' }).waitFor();
        await page.locator('[data-testid="effective"]', { hasText: /^[1-9]/ }).waitFor();
        expect(await page.locator('.uplot canvas').count()).toBe(3);
        await page.locator('.history li', { hasText: 'first devices' }).waitFor();
        expect(await seriousBarriers(page)).toEqual([]);
        await keepScreenshots(tab, browser, { name: 'ramp', url, token: tokenOf('viewer') });

        await page.getByText('watching both paths').waitFor();
        bench.breakNew();
        // By the guard, or by the objectives where a browser takes so much of the machine that legacy is late as well.
        const rolledBack = page.locator(HEADLINE, { hasText: /rolled back by (guard|pointsman)/ });
        await rolledBack.waitFor({ timeout: 60_000 });
        await page.locator('[data-testid="configured"]', { hasText: /^0 %$/ }).waitFor();
        const entry = page.locator('.history li.rollback').first();
        await entry.locator('summary').click();
        await entry.locator('dt', { hasText: /^rule$/ }).waitFor();
        expect(await seriousBarriers(page)).toEqual([]);
        await keepScreenshots(tab, browser, { name: 'rolled-back', url, token: tokenOf('admin') });

        const raise = page.getByRole('button', { name: 'Set percentage' });
        expect(await raise.getAttribute('aria-disabled')).toBe('true');
        expect(await page.locator('#about-set').innerText()).toContain('Latched');
        // Forced, because Playwright would wait until it is enabled.
        await raise.click({ force: true });
        expect(await page.getByRole('dialog').count()).toBe(0);

        bench.mend();
        await wish(page, 'Release', { Reason: 'the cause is mended' });
        await dialogGone(page);
        await page.locator(HEADLINE, { hasText: 'nothing is at risk' }).waitFor();
        expect(await page.getByRole('button', { name: 'Set percentage' }).getAttribute('aria-disabled')).toBe(
          'false',
        );
        expect(faults).toEqual([]);
        await page.context().close();
      },
      STORY_MS,
    );

    it('wants a large step typed again, and sends it only then', async () => {
      const tab = await openPage(browser);
      const { page, faults } = tab;
      await signIn(tab, url, tokenOf('admin'));
      await wish(page, 'Set percentage', { [PERCENTAGE]: '80', Reason: 'all at once' });
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Type 80 to confirm').waitFor();
      expect(await seriousBarriers(page)).toEqual([]);
      await dialog.getByLabel('Type 80 to confirm').fill('8');
      await dialog.getByRole('button', { name: 'Set percentage, confirmed' }).click();
      await dialog.getByRole('alert').getByText('Type 80 to confirm').waitFor();
      expect(await textOf(page, 'configured')).toBe('0 %');
      await dialog.getByLabel('Type 80 to confirm').fill('80');
      await dialog.getByRole('button', { name: 'Set percentage, confirmed' }).click();
      await dialogGone(page);
      expect(await textOf(page, 'configured')).toBe('80 %');
      await wish(page, 'Set percentage', { [PERCENTAGE]: '0', Reason: 'back again' });
      await dialogGone(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('sends nothing on when somebody else was faster, shows who, and leaves the next step to the person', async () => {
      const tab = await openPage(browser);
      const { page, faults } = tab;
      await signIn(tab, url, tokenOf('admin'));
      await page.getByRole('button', { name: 'Set percentage' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(PERCENTAGE, { exact: true }).fill('2');
      await dialog.getByLabel('Reason').fill('mine');
      expect((await setByApi(1)).status).toBe(200);
      await page.locator('[data-testid="configured"]', { hasText: /^1 %$/ }).waitFor();
      await dialog.getByRole('button', { name: 'Set percentage' }).click();
      await dialog.getByText('has changed it meanwhile').waitFor();
      expect(await dialog.getByRole('alert').innerText()).toContain('from elsewhere');
      expect(await textOf(page, 'configured')).toBe('1 %');
      await page.keyboard.press('Escape');
      await dialogGone(page);
      expect(await textOf(page, 'configured')).toBe('1 %');
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('is worked by the keyboard alone, which stays in a dialog as long as it is open', async () => {
      const tab = await openPage(browser, { reducedMotion: 'reduce' });
      const { page, faults } = tab;
      await signIn(tab, url, tokenOf('admin'));
      const freeze = page.getByRole('button', { name: 'Freeze', exact: true });
      await freeze.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      for (let step = 0; step < 8; step += 1) {
        await page.keyboard.press('Tab');
        expect(
          await page.evaluate<boolean>(
            'document.activeElement === document.body || document.activeElement.closest("dialog") !== null',
          ),
        ).toBe(true);
      }
      await page.getByLabel('Reason').focus();
      await page.keyboard.type('the weekend');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await dialogGone(page);
      await page.locator('#about-freeze', { hasText: 'Frozen already' }).waitFor();
      expect(await page.getByRole('status').first().innerText()).toContain('Frozen');
      expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Freeze');
      await wish(page, 'Unfreeze', { Reason: 'monday' });
      await dialogGone(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('shows a viewer everything and no button, at the width of a phone too', async () => {
      const tab = await openPage(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
      const { page, faults } = tab;
      await signIn(tab, url, tokenOf('viewer'));
      await page.locator('.ladder li[aria-current="step"]').waitFor();
      await page.locator('.budgets li').first().waitFor();
      const buttons = await page.getByRole('button').allInnerTexts();
      expect(buttons.filter((name) => name !== 'Older')).toEqual(['Sign out']);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(await seriousBarriers(page)).toEqual([]);
      await page.reload();
      await page.getByText('● live').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Token').waitFor();
      await page.reload();
      await page.getByLabel('Token').waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('offers the way back, and all but the history, while the history cannot be read', async () => {
      const { page } = await openPage(browser);
      const problem = { code: 'store.unavailable', detail: 'Redis could not read the audit trail' };
      await page.route('**/v1/rollout/history*', (route) => route.fulfill({ status: 503, json: problem }));
      await page.goto(url);
      await page.getByLabel('Token').fill(tokenOf('admin'));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('● live').waitFor();
      await page.getByText('It cannot be read now: Redis could not read the audit trail').waitFor();
      await page.getByRole('button', { name: 'Roll back', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await page.unroute('**/v1/rollout/history*');
      await page.getByText('It cannot be read now').waitFor({ state: 'detached' });
      expect(await page.locator('.history li').count()).toBeGreaterThan(0);
      await page.context().close();
    });

    it('says why it lets somebody not in, and keeps the token out of everything but the tab', async () => {
      const tab = await openPage(browser);
      const { page, faults } = tab;
      await page.goto(url);
      await page.getByLabel('Token').fill('wrong-token-wrong-token');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('the bearer token is not known').waitFor();
      await page.getByLabel('Token').fill(tokenOf('app'));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('that role sees no rollout').waitFor();
      expect(await page.context().cookies()).toEqual([]);
      expect(await page.evaluate<number>('localStorage.length')).toBe(0);
      expect(page.url()).toBe(`${url}/`);
      expect(await seriousBarriers(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });

  it(
    'asks nobody who they are where no tokens are configured; says that it is stale, and catches up',
    async () => {
      const settings = { http: { port: 0, consoleDir: CONSOLE_DIR } };
      const first = await startApplication({ settings, accessRules: LOOPBACK_RULES });
      const { page, faults } = await openPage(browser);
      await page.goto(first.url);
      await page.getByText('● live').waitFor();
      const { status } = await ask(first.url, {
        path: '/v1/rollout/rollback',
        body: { reason: '<img src=x onerror=alert(1)>' },
      });
      expect(status).toBe(200);
      await page.locator('.history li', { hasText: '<img src=x' }).waitFor();
      expect(await page.locator('main img').count()).toBe(0);
      await first.stop();
      await page.getByText(/stale since/).waitFor();
      const again = await startApplication({
        settings: { http: { ...settings.http, port: first.ports.http } },
      });
      await page.getByText('● live').waitFor({ timeout: 40_000 });
      await page.locator(HEADLINE, { hasText: 'nothing is at risk' }).waitFor();
      await page.context().close();
      await again.stop();
      expect(faults).toEqual([]);
    },
    STORY_MS,
  );
});
