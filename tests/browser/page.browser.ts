/** The page in a real browser: what is read, filtered, opened, printed, and by whom. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../reports/html.tsx';
import type { Report } from '../../reports/model.ts';
import { hostileTexts, sampleReport, withEveryText } from '../../reports/sample-report.ts';
import { startChromium } from './chromium.ts';
import { largeReport } from './large-report.ts';
import { type Opened, type OpenOptions, openPage } from './open-page.ts';

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

async function open(report: Report, options?: OpenOptions): Promise<Opened & { page: Page }> {
  opened = await openPage(browser, report, options);
  return opened;
}

const everythingOpen = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });

const bar = (page: Page) => page.locator('.filter');

const shownAttempts = (page: Page) => page.locator('details.attempt:not([hidden])').count();

describe('opening', () => {
  test('asks for nothing, complains of nothing, and shows the verdict', async () => {
    const { page, troubles } = await open(sampleReport());
    expect(await page.locator('h1').textContent()).toContain('inconclusive');
    await everythingOpen(page);
    expect(troubles).toEqual([]);
  });

  test('what is watched for is noticed', async () => {
    const { page, troubles } = await open(sampleReport());
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = 'https://evil.example/x.png';
      document.body.append(image);
    });
    await expect.poll(() => troubles.join()).toContain('evil.example');
  });

  test('with scripts off, everything but packed evidence and the filter is there', async () => {
    const report = largeReport(2, 200);
    const { page } = await open(report, { javaScriptEnabled: false });
    expect(await page.locator('.filter').count()).toBe(0);
    expect(await page.locator('details.attempt').count()).toBe(400);
    expect(await page.locator('#attempts > p').textContent()).toContain('attempts.jsonl');
    // A violation is open, with its session.
    expect(await page.locator('details.attempt[open] .dialogue').first().isVisible()).toBe(true);
    const matrix = page.locator('details.matrix').first();
    await matrix.locator('summary').click();
    expect(await matrix.locator('td a').first().isVisible()).toBe(true);
  });

  test('hostile text does nothing, packed or not', async () => {
    const report = largeReport(1, 260);
    const every = Object.entries(hostileTexts)
      .filter(([name]) => name !== 'endless line')
      .map(([, text]) => text)
      .join(' ');
    const hostile = withEveryText(report, (value) => (value.startsWith('http') ? value : `${value}${every}`));
    const { page, troubles } = await open(hostile);
    await everythingOpen(page);
    await expect.poll(() => page.locator('details.attempt[data-block]').count()).toBe(0);
    expect(await page.locator('script:not([type="application/gzip"])').count()).toBe(1);
    expect(await page.locator('main img, main iframe, main svg [onload], main evil').count()).toBe(0);
    expect(await page.locator('main').textContent()).not.toMatch(/[\u202e\u2066\u200b\u0000\u001b]/u);
    expect(troubles).toEqual([]);
  });
});

describe('packed evidence', () => {
  test('is shown as it would stand in a smaller report', async () => {
    const report = largeReport(2, 200);
    const { page, troubles } = await open(report);
    const id = await page.locator('details.attempt[data-block]').last().getAttribute('id');
    const attempt = page.locator(`[id="${id}"]`);
    expect(await attempt.textContent()).not.toContain('EHLO');
    await page.evaluate((anchor) => {
      location.hash = `#${anchor}`;
    }, id);
    await attempt.locator('.dialogue').waitFor();
    const drawn = await attempt.innerHTML();
    const name = await attempt.locator('summary code').textContent();
    const small = structuredClone(report);
    for (const configuration of small.configurations) {
      configuration.attempts = configuration.attempts.filter((one) => one.id === name);
    }
    const alone = await browser.newPage();
    await alone.setContent(await renderHtml(small));
    const written = await alone.locator(`[id="${id}"]`).innerHTML();
    await alone.close();
    expect(drawn.replace(/<\/summary><div>(.*)<\/div>$/su, '</summary>$1')).toBe(written);
    expect(troubles).toEqual([]);
  });

  test('of proofs is shown, too, where there are many controls', async () => {
    const report = sampleReport();
    const control = report.configurations.find(({ role, proofs }) => role === 'control' && proofs.length > 0);
    if (!control) throw new Error('the sample has a control with proofs');
    report.configurations.push(
      ...Array.from({ length: 12 }, (_, number) => ({ ...control, name: `control-${number}`, attempts: [] })),
    );
    const { page, troubles } = await open(report);
    const proof = page.locator('[id="p:control-3:0"]');
    expect(await proof.textContent()).not.toContain('EHLO');
    await page.evaluate(() => {
      location.hash = '#p:control-3:0';
    });
    await proof.locator('.dialogue').waitFor();
    expect(await proof.textContent()).toContain('EHLO');
    expect(troubles).toEqual([]);
  });

  test('says so if it is damaged', async () => {
    const { page } = await open(largeReport(2, 200));
    await page.evaluate(() => {
      const block = document.querySelector('script[type="application/gzip"]');
      if (block) block.textContent = 'H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTgUA';
    });
    const id = await page.locator('details.attempt[data-block="0"]').first().getAttribute('id');
    await page.evaluate((anchor) => {
      location.hash = `#${anchor}`;
    }, id);
    const attempt = page.locator(`[id="${id}"]`);
    await attempt.getByText('The evidence cannot be unpacked').waitFor();
  });
});

describe('the filter', () => {
  test('shows those that match, counts them, and stands in the address', async () => {
    const { page, url } = await open(sampleReport());
    const all = await shownAttempts(page);
    await bar(page).getByLabel('Verdict').selectOption('fail');
    await expect.poll(() => shownAttempts(page)).toBeLessThan(all);
    const failed = await page.locator('details.attempt[data-verdict="fail"]').count();
    expect(await shownAttempts(page)).toBe(failed);
    expect(await page.locator('.filter output').textContent()).toBe(`${failed} of ${all} attempts`);
    expect(page.url()).toBe(`${url}#?verdict=fail`);
    await bar(page).getByLabel('Level').selectOption('must');
    await bar(page).getByLabel('Configuration').selectOption('smtp-auth');
    await expect.poll(() => page.url()).toBe(`${url}#?verdict=fail&level=must&configuration=smtp-auth`);
    expect(await shownAttempts(page)).toBe(0);
    await bar(page).getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => shownAttempts(page)).toBe(all);
    expect(page.url()).toBe(url);
  });

  test('looks for words in ids, titles and reasons', async () => {
    const { page } = await open(sampleReport());
    await bar(page).getByLabel('Text').fill('PLAIN was accepted');
    await expect.poll(() => shownAttempts(page)).toBe(1);
    expect(await page.locator('details.attempt:not([hidden]) summary').textContent()).toContain(
      'transport/plaintext-auth',
    );
  });

  test('is what the address says, and takes the rows of the matrix with it', async () => {
    const { page } = await open(sampleReport(), { fragment: '#?suite=transport' });
    await expect.poll(() => shownAttempts(page)).toBe(await page.locator('[id^="a:"][id*=":transport."]').count());
    const lines = page.locator('details.matrix:not([hidden]) tbody tr:not([hidden]) th');
    expect(await lines.allTextContents()).toEqual(['plaintext-auth', 'smuggling']);
  });

  test('gives way to a link that leads to what it hides', async () => {
    const { page } = await open(sampleReport(), { fragment: '#?verdict=inconclusive' });
    const all = await page.locator('details.attempt').count();
    await expect.poll(() => shownAttempts(page)).toBeLessThan(all);
    await page.locator('#violations a[href^="#a:"]').first().click();
    await expect.poll(() => shownAttempts(page)).toBe(all);
    await expect.poll(() => page.locator('details.attempt:target').isVisible()).toBe(true);
  });
});

describe('everybody can use it', () => {
  const findings = async (page: Page) => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
  };

  test.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 360],
    ['dark', 360],
  ] as const)('axe finds no violation: %s, %i pixels wide', async (colorScheme, width) => {
    const { page } = await open(sampleReport(), { colorScheme, viewport: { width, height: 900 } });
    expect(await findings(page)).toEqual([]);
    await bar(page).getByLabel('Verdict').selectOption('fail');
    await everythingOpen(page);
    expect(await findings(page)).toEqual([]);
  });

  test('and would find one', async () => {
    const { page } = await open(sampleReport());
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('.conclusion')?.style.setProperty('color', '#aaa');
    });
    expect((await findings(page)).join()).toContain('color-contrast');
  });

  test('360 pixels are wide enough: only tables scroll sideways', async () => {
    const { page } = await open(sampleReport(), { viewport: { width: 360, height: 700 } });
    await everythingOpen(page);
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(360);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('main *, header *')]
        .filter((element) => !element.closest('.scroll, svg') && element.getBoundingClientRect().right > 361)
        .map((element) => element.outerHTML.slice(0, 100)),
    );
    expect(outside).toEqual([]);
  });

  test('the keyboard alone is enough', async () => {
    const { page } = await open(sampleReport());
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Reasons and warnings');
    await page.keyboard.press('/');
    await page.keyboard.type('neighbour');
    await expect.poll(() => page.locator('.filter output').textContent()).toMatch(/^[1-9] of 18/u);
    // On to the first attempt's summary, and open it.
    const focused = () => page.evaluate(() => document.activeElement?.closest('details.attempt')?.id ?? '');
    for (let presses = 0; presses < 60 && (await focused()) === ''; presses++) await page.keyboard.press('Tab');
    const id = await focused();
    expect(id).toContain('neighbour');
    const before = await page.locator(`[id="${id}"]`).getAttribute('open');
    await page.keyboard.press('Enter');
    expect(await page.locator(`[id="${id}"]`).getAttribute('open')).not.toBe(before);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineWidth);
    expect(Number.parseFloat(outline)).toBeGreaterThanOrEqual(2);
  });

  test('the head and the first column of a long table stay in sight', async () => {
    const { page } = await open(largeReport(12, 120));
    const matrix = page.locator('details.matrix').first();
    await matrix.locator('summary').click();
    const scroll = matrix.locator('.scroll');
    await scroll.evaluate((element) => element.scrollTo(400, 800));
    const place = (selector: string) =>
      matrix
        .locator(selector)
        .first()
        .evaluate((element) => {
          const at = element.getBoundingClientRect();
          const box = element.closest('.scroll')?.getBoundingClientRect();
          return [Math.round(at.left - (box?.left ?? 0)), Math.round(at.top - (box?.top ?? 0))];
        });
    expect((await place('thead th'))[1]).toBeLessThanOrEqual(1);
    expect((await place('tbody th'))[0]).toBeLessThanOrEqual(1);
  });
});

describe('on paper', () => {
  test('violations are open, passes are a table, and what is for the screen is not there', async () => {
    const { page } = await open(largeReport(2, 120));
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = false;
    });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('details.attempt.look .dialogue').first().isVisible()).toBe(true);
    expect(await page.locator('details.attempt:not(.look)').first().isVisible()).toBe(false);
    expect(await page.locator('details.matrix td a.good').first().isVisible()).toBe(true);
    expect(await page.locator('.filter').isVisible()).toBe(false);
    expect(await page.locator('#catalogue').isVisible()).toBe(false);
  });

  test('pages have numbers', async () => {
    const { page } = await open(sampleReport());
    const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/gu);
    expect(pages?.length).toBeGreaterThan(3);
    const rules = await page.evaluate(() =>
      [...document.styleSheets]
        .flatMap((sheet) => [...sheet.cssRules])
        .flatMap((rule) => rule.cssText)
        .join('\n'),
    );
    expect(rules).toMatch(/@bottom-right\s*\{[^}]*counter\(page\)/u);
  });
});

test('10,000 attempts with their sessions are less than 15 MB', async () => {
  const page = await renderHtml(largeReport(30, 335));
  expect(page.length).toBeLessThan(15_000_000);
  expect(Buffer.byteLength(page)).toBeLessThan(15_000_000);
});
