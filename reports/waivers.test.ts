import { describe, expect, test } from 'vitest';
import { conclusion } from './conclusion.ts';
import { findings } from './findings.ts';
import { renderHtml } from './html.tsx';
import { renderJunit } from './junit.ts';
import { type Report, report as reportModel, type WaiverResult, type WaiverState, waiverStates } from './model.ts';
import { compliantReport, sampleReport } from './sample-report.ts';
import { renderSummary } from './summary.ts';
import { renderTerminal } from './terminal.ts';
import { markOf, remarkOn, termOf, workOf } from './waivers.ts';
import { waiverMark } from './words.ts';

const waiverOf = (state: WaiverState, changes: Partial<WaiverResult> = {}): WaiverResult => ({
  attempt: 'transport/plaintext-*',
  reason: 'legacy scanners',
  expires: '2026-12-31',
  state,
  attempts: state === 'in-use' || state === 'expired' ? ['transport/plaintext-auth'] : [],
  daysLeft: state === 'expired' ? -3 : 300,
  ...changes,
});

const flat = (text: string) =>
  text
    .replace(/<(style|script)\b.*?<\/\1>/gsu, '')
    .replace(/<[^>]*>/gu, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll(/[\\`]/gu, '')
    .replaceAll(/\s+/gu, ' ');

const forms: [string, (report: Report) => string | Promise<string>][] = [
  ['terminal', (report) => renderTerminal(report, { columns: 200, colour: false })],
  ['summary.md', renderSummary],
  ['index.html', renderHtml],
  ['junit.xml', (report) => renderJunit(report).replaceAll(/ (name|value|message)="([^"]*)"/gu, '>$2 <')],
];

describe.each(forms)('%s', (_name, render) => {
  test.each(waiverStates)('lists a waiver that is %s: what it waives, why, until when', async (state) => {
    const waiver = waiverOf(state);
    const report = compliantReport();
    const without = flat(await render(report));
    for (const configuration of report.configurations.filter(({ role }) => role !== 'control')) {
      configuration.waivers = [waiver];
    }
    const text = flat(await render(report));
    for (const words of [
      waiverMark[state].word,
      'legacy scanners',
      '2026-12-31',
      workOf(waiver),
      'transport/plaintext-*',
    ]) {
      expect(text).toContain(words);
    }
    expect(without).not.toContain('legacy scanners');
  });

  test('says that one ends soon', async () => {
    const report = compliantReport();
    for (const configuration of report.configurations.slice(0, 1)) {
      configuration.waivers = [waiverOf('in-use', { daysLeft: 12 })];
    }
    expect(flat(await render(report))).toContain('which is in 12 days: mend it, or decide anew');
  });
});

test('the page has waivers that need a look where it says so, at their configuration, and in their section', async () => {
  const page = await renderHtml(sampleReport());
  const [before = '', after = ''] = page.split('<section id="attempts">');
  for (const part of [before, ...after.split('<section id="waivers">')]) {
    expect(flat(part)).toContain('pop-before-smtp/neighbour ? undecided');
    expect(flat(part)).toContain('Reason: two offices behind one router');
  }
});

test('a waiver has a mark by its state, and another one in its last days', () => {
  expect(waiverStates.map((state) => markOf(waiverOf(state)).glyph)).toEqual(['○', '!', '✗', '?']);
  expect(markOf(waiverOf('in-use', { daysLeft: 30 }))).toMatchObject({ glyph: '!', tone: 'warning', word: 'in use' });
  expect(markOf(waiverOf('in-use', { daysLeft: 31 }))).toEqual(waiverMark['in-use']);
});

test('its last day is called today', () => {
  expect(termOf(waiverOf('in-use', { daysLeft: 0 }))).toContain('which is today');
  expect(termOf(waiverOf('in-use', { daysLeft: 1 }))).toContain('in 1 day:');
});

test('one that does its work needs no remark, and every other one has it', () => {
  expect(waiverStates.map((state) => remarkOn(waiverOf(state)) !== undefined)).toEqual([false, true, true, true]);
});

test('the verdict does not say that nobody else gets mail out where that is only accepted', async () => {
  const plain = compliantReport();
  expect(conclusion(plain, findings(plain))).toMatch(/^Compliant: .*for nobody else/u);
  const [first] = plain.configurations;
  const violated = first?.attempts.find(({ id }) => id === 'open-relay/plain');
  if (!violated) throw new Error('the sample has changed');
  violated.verdict = 'waived';
  expect(conclusion(plain, findings(plain))).toMatch(/^Compliant but for 1 waived violation, accepted for a time/u);
  expect(flat(await renderHtml(plain))).not.toContain('Nothing qualifies the verdict');
  // A warning that is waived takes nothing from the verdict.
  violated.verdict = 'pass';
  const warned = first?.attempts.find(({ id }) => id === 'transport/plaintext-auth');
  if (!warned) throw new Error('the sample has changed');
  warned.verdict = 'waived';
  expect(conclusion(plain, findings(plain))).toMatch(/^Compliant: /u);
});

test('a report of before there was a list of them is read as one without', () => {
  const { configurations, ...report } = sampleReport();
  const old = configurations.map(({ waivers: _, ...configuration }) => configuration);
  const parsed = reportModel.parse({ ...report, configurations: old });
  expect(parsed.configurations.map(({ waivers }) => waivers)).toEqual(old.map(() => []));
});
