import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openPage, type WatchedPage } from './browser';
import { smallPng } from './small-png';
import { ROOT } from './tool';

const FOLDER = join(ROOT, 'docs', 'console');
const IS_WANTED = process.env.POINTSMAN_SCREENSHOTS === '1';
/** Until charts show a line. */
const LINES_MS = 60_000;
const REPAINT_MS = 500;
const PHONE = { width: 390, height: 1500 };

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
  await page.waitForTimeout(LINES_MS);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(REPAINT_MS);
    await keep(page, `${subject.name}-desktop-${colorScheme}`, true);
    const { page: phone } = await openPage(browser, { viewport: PHONE, colorScheme });
    await phone.goto(subject.url);
    await phone.getByLabel('Token').fill(subject.token);
    await phone.getByRole('button', { name: 'Sign in' }).click();
    await phone.locator('.uplot canvas').first().waitFor();
    await phone.locator('.budgets li').first().waitFor();
    await keep(phone, `${subject.name}-phone-${colorScheme}`, false);
    await phone.context().close();
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Written at the end: making them small keeps the server in this process from its work, and the charts would show it. */
const taken = new Map<string, Buffer>();

async function keep(page: Page, name: string, fullPage: boolean): Promise<void> {
  taken.set(name, await page.screenshot({ fullPage }));
}

export async function writeScreenshots(): Promise<void> {
  for (const [name, png] of taken) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, `${name}.png`), smallPng(png));
  }
}
