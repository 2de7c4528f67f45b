import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openPage, type WatchedPage } from './browser';
import { ROOT } from './tool';

const FOLDER = join(ROOT, 'docs', 'console');
const IS_WANTED = process.env.POINTSMAN_SCREENSHOTS === '1';
/** Until charts show a line. */
const LINES_MS = 45_000;

interface Subject {
  readonly name: string;
  readonly url: string;
  readonly token: string;
}

/** Pictures for the documentation, of what a tab shows: desktop and phone, light and dark. Does nothing unless asked to. */
export async function keepScreenshots(
  { page }: WatchedPage,
  browser: Browser,
  subject: Subject,
): Promise<void> {
  if (!IS_WANTED) return;
  await mkdir(FOLDER, { recursive: true });
  await page.waitForTimeout(LINES_MS);
  for (const colorScheme of ['light', 'dark'] as const) {
    const path = (size: string): string => join(FOLDER, `${subject.name}-${size}-${colorScheme}.png`);
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(500);
    await page.screenshot({ path: path('desktop'), fullPage: true });
    const { page: phone } = await openPage(browser, { viewport: { width: 390, height: 844 }, colorScheme });
    await phone.goto(subject.url);
    await phone.getByLabel('Token').fill(subject.token);
    await phone.getByRole('button', { name: 'Sign in' }).click();
    await phone.locator('.uplot canvas').first().waitFor();
    await phone.locator('.budgets li').first().waitFor();
    await phone.screenshot({ path: path('phone'), fullPage: true });
    await phone.context().close();
  }
  await page.emulateMedia({ colorScheme: null });
}
