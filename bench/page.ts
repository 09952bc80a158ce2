/** How the report's page behaves at its largest: 30 configurations, 10,050 attempts with their sessions. */
import Table from 'cli-table3';
import type { Browser } from 'playwright-core';
import { renderHtml } from '../reports/html.tsx';
import type { Report } from '../reports/model.ts';
import { sampleReport } from '../reports/sample-report.ts';
import { startChromium } from '../tests/browser/chromium.ts';
import { largeReport } from '../tests/browser/large-report.ts';
import { openPage } from '../tests/browser/open-page.ts';

const ROUNDS = 5;

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Milliseconds until the page has loaded and its program has run, and until it follows each of some filters. */
async function measure(browser: Browser, report: Report): Promise<{ open: number; filters: number[] }> {
  const { page, close } = await openPage(browser, report);
  const open = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return navigation?.loadEventEnd ?? 0;
  });
  // Texts are read half a second after opening.
  await page.waitForFunction(() => performance.now() > 1500);
  const filters: number[] = [];
  for (const fragment of ['#?verdict=fail', '#?suite=open-relay', '#?configuration=smtp-auth', '#?text=form-7', '#?']) {
    filters.push(
      await page.evaluate(async (hash) => {
        const output = document.querySelector('.filter output');
        const before = output?.textContent;
        const started = performance.now();
        location.hash = hash;
        while (output?.textContent === before && performance.now() - started < 2000) {
          await new Promise((resolve) => setTimeout(resolve));
        }
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        return performance.now() - started;
      }, fragment),
    );
  }
  await close();
  return { open, filters };
}

const browser = await startChromium();
const large = largeReport(30, 335);
const started = performance.now();
const size = Buffer.byteLength(await renderHtml(large));
const drawing = performance.now() - started;
const rounds = { small: [] as number[], large: [] as number[], filters: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  rounds.small.push((await measure(browser, sampleReport())).open);
  const { open, filters } = await measure(browser, large);
  rounds.large.push(open);
  rounds.filters.push(...filters);
}
await browser.close();
const base = median(rounds.small);
const table = new Table({
  head: ['the page of 10,050 attempts', 'ms (median)', 'ratio to opening 18'],
  style: { head: [], border: [], compact: true },
});
const row = (what: string, ms: number) => [what, ms.toFixed(0), (ms / base).toFixed(2)];
table.push(
  row(`drawing it (${(size / 1e6).toFixed(1)} MB)`, drawing),
  row('opening it', median(rounds.large)),
  row('filtering it', median(rounds.filters)),
  row('filtering it, slowest', Math.max(...rounds.filters)),
);
process.stdout.write(`${table.toString()}\n`);
