/** The page of a comparison in a real browser: for eyes, for a keyboard, on a telephone, on paper. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { renderComparisonHtml } from '../../reports/comparison/html.tsx';
import { sampleComparison } from '../../reports/comparison/sample-comparison.ts';
import { startChromium } from './chromium.ts';
import { type Opened, type OpenOptions, openHtml } from './open-page.ts';

let browser: Browser;
let opened: Opened | undefined;

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(options?: OpenOptions): Promise<Opened> {
  opened = await openHtml(browser, renderComparisonHtml(sampleComparison()), options);
  return opened;
}

const everythingOpen = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });

test('asks for nothing and complains of nothing', async () => {
  const { page, troubles } = await open();
  await everythingOpen(page);
  expect(troubles).toEqual([]);
});

test('one click on a sentence shows both sessions, side by side, with scripts off', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  const sentence = page.locator('details.changed').first();
  await sentence.locator('summary').click();
  const dialogues = sentence.locator('ol.dialogue');
  const [before, after] = await Promise.all([dialogues.nth(0).boundingBox(), dialogues.nth(1).boundingBox()]);
  expect(before?.x).toBeLessThan(200);
  expect(after?.x).toBeGreaterThan(500);
  expect(await dialogues.nth(1).isVisible()).toBe(true);
});

test('a link from a difference opens the sessions where they stand', async () => {
  const { page } = await open();
  const row = page.locator('#differences details').filter({ hasText: 'pop-before-smtp/login' }).first();
  await row.locator('summary').click();
  await row.getByRole('link', { name: 'Both sessions' }).click();
  await expect
    .poll(() =>
      page
        .locator('details.changed')
        .first()
        .evaluate((one) => (one as HTMLDetailsElement).open),
    )
    .toBe(true);
});

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 360],
] as const)('axe finds no violation: %s, %i pixels wide', async (colorScheme, width) => {
  const { page } = await open({ colorScheme, viewport: { width, height: 900 } });
  await everythingOpen(page);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});

test('360 pixels are wide enough: one column, and only tables scroll sideways', async () => {
  const { page } = await open({ viewport: { width: 360, height: 700 } });
  await everythingOpen(page);
  expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(360);
});
