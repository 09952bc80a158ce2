/** The page against the HTML standard and the rules of accessibility that a machine can check, by html-validate. */
import { fileURLToPath } from 'node:url';
import { HtmlValidate } from 'html-validate';
import { expect, test } from 'vitest';
import { withEveryString } from './every-string.ts';
import { renderHtml } from './html.tsx';
import { readReport } from './read.ts';
import { compliantReport, hostileTexts, sampleReport } from './sample-report.ts';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  // What the standard allows to be named may be named.
  rules: { 'aria-label-misuse': ['error', { allowAnyNamable: true }] },
});
const faults = (html: string): string[] =>
  validator
    .validateStringSync(html)
    .results.flatMap(({ messages }) => messages)
    .map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`);

const fixture = await readReport(fileURLToPath(new URL('./fixtures/report-1.json', import.meta.url)));
const hostile = (name: string) =>
  withEveryString(sampleReport(), (value, place) => (place.endsWith('.url') ? value : value + hostileTexts[name]));

test.each([
  ['with everything in it', sampleReport()],
  ['of a run without a fault', compliantReport()],
  ['of a real run', fixture],
  ['without configurations', { ...sampleReport(), configurations: [], catalogue: [], suites: [] }],
  ['with markup in every text', hostile('attribute breakout')],
  ['with broken characters in every text', hostile('lone surrogates')],
])('a page %s is valid', { timeout: 60_000 }, async (_what, report) => {
  expect(faults(await renderHtml(report))).toEqual([]);
});

test('what is not valid is seen', async () => {
  const page = await renderHtml(sampleReport());
  expect(faults(page.replace('<h2', '<h2 id="x"><h2 id="x"'))).not.toEqual([]);
  expect(faults(page.replace('</main>', '<img src=x></main>'))).not.toEqual([]);
});
