/** Opens a report's page as somebody does who has the file: with no server, in one of the browser's windows. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { renderHtml } from '../../reports/html.tsx';
import type { Report } from '../../reports/model.ts';

export type Opened = {
  page: Page;
  /** The file's address. */
  url: string;
  /** What went wrong in the page: errors, complaints on the console, requests for anything but the file itself. */
  troubles: string[];
  close: () => Promise<void>;
};

export type OpenOptions = BrowserContextOptions & { fragment?: string };

export const openPage = async (browser: Browser, report: Report, options: OpenOptions = {}): Promise<Opened> =>
  openHtml(browser, await renderHtml(report), options);

/** The same for any page that a file holds. */
export async function openHtml(browser: Browser, html: string, options: OpenOptions = {}): Promise<Opened> {
  const { fragment = '', ...context } = options;
  const folder = await mkdtemp(join(tmpdir(), 'relayproof-page-'));
  const file = join(folder, 'index.html');
  await writeFile(file, html);
  const url = pathToFileURL(file).href;
  const window = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...context });
  const page = await window.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => troubles.push(message.text()));
  page.on('dialog', (dialog) => {
    troubles.push(`dialogue: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().replace(/#.*/su, '') !== url) troubles.push(`request: ${request.url()}`);
  });
  await page.goto(url + fragment);
  return {
    page,
    url,
    troubles,
    close: async () => {
      await window.close();
      await rm(folder, { recursive: true });
    },
  };
}
