import { createHash } from 'node:crypto';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { anchorPart } from './html/anchors.ts';
import { pageProgram } from './html/program.ts';
import { renderHtml } from './html.tsx';
import { renderJson } from './json.ts';
import type { Report } from './model.ts';
import { baselineReport, compliantReport, hostileTexts, sampleReport, withEveryText } from './sample-report.ts';

const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** The page without its style, its program and what is packed for it. */
const markupAlone = (html: string): string => html.replace(/<(style|script)\b.*?<\/\1>/gsu, '');

/** What a reader sees: the text without the markup. */
const textOf = (html: string): string => decoded(markupAlone(html).replace(/<[^>]*>/gu, ''));

/** The markup without the text: hostile text must not change it. */
const markupOf = (html: string): string[] =>
  (markupAlone(html).match(/<[^>]*>/gu) ?? [])
    .filter((tag) => tag !== '<i class="esc">' && tag !== '</i>')
    .map((tag) => tag.replace(/ (id|href|aria-label|aria-labelledby)="[^"]*"/gu, ' $1'));

const idsOf = (html: string): string[] => [...html.matchAll(/ id="([^"]*)"/gu)].map(([, id]) => id ?? '');

const page = await renderHtml(sampleReport());
const text = textOf(page);

describe('the page', () => {
  test('is well formed', () => {
    expect(page.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(
      XMLValidator.validate(markupAlone(page).replace('<!doctype html>\n', ''), { allowBooleanAttributes: true }),
    ).toBe(true);
  });

  test('has ids that are unique, and links that lead to them', () => {
    const ids = idsOf(page);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/href="#([^"]*)"/gu)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(20);
    for (const target of targets) expect(ids).toContain(target);
  });

  test('loads nothing, and runs nothing but its own program', async () => {
    expect(page).not.toMatch(/<(img|iframe|link|object|embed|base|form)\b/iu);
    expect(markupAlone(page)).not.toMatch(/\s(src|srcset|style|on\w+)=/iu);
    expect(page).not.toMatch(/@import|url\((?!#)/iu);
    expect(page).toContain("default-src 'none'");
    const scripts = [...page.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gsu)];
    expect(scripts.map(([, attributes]) => attributes)).toEqual(['']);
    expect(scripts[0]?.[2]).toBe(await pageProgram());
    const hash = createHash('sha256')
      .update(await pageProgram())
      .digest('base64');
    expect(page).toContain(`script-src 'sha256-${hash}'`);
  });

  test('tells the fingerprint of report.json', () => {
    expect(text).toContain(createHash('sha256').update(renderJson(sampleReport())).digest('hex'));
  });

  test('links web addresses of clauses only', () => {
    expect(page).toContain('href="https://www.rfc-editor.org/rfc/rfc5321#section-3.6.2"');
    expect(page).not.toMatch(/href="(?!#|https:\/\/www\.rfc-editor\.org\/)/u);
    expect(text).toContain('op.me 5.1.4.2 check_rcpt');
  });

  test('has its parts in the order of their weight', () => {
    const headings = [...page.matchAll(/<h[12]>(.*?)<\/h[12]>/gu)].map(([, inner]) => textOf(inner ?? ''));
    expect(headings).toEqual([
      'Relay audit: ? inconclusive',
      'Reasons and warnings',
      'What was audited',
      'Results',
      'Violations',
      'Attempts',
      'Controls',
      'Waivers',
      'What this report does not test',
      'Catalogue',
      'Provenance',
    ]);
  });

  test('says the verdict in words with counts, and without percentages', async () => {
    expect(text).toContain('Inconclusive: this run proves nothing');
    expect(text).toContain('1 of 2 controls detected');
    expect(text.replaceAll('user%domain', '')).not.toMatch(/\d\s*%/u);
    expect(textOf(await renderHtml(compliantReport()))).toContain('Compliant: every configuration lets mail out');
  });

  test('keeps passing attempts closed and opens failing ones', () => {
    const open = new Map(
      [...page.matchAll(/<details id="(a:[^"]*)" class="attempt(?: look)?"[^>]*?( open)?>/gu)].map(([, id, flag]) => [
        id,
        flag !== undefined,
      ]),
    );
    expect(open.size).toBe(18);
    expect(open.get('a:smtp-auth:open-relay.plain')).toBe(false);
    expect(open.get('a:smtp-auth:pop-before-smtp.neighbour')).toBe(false);
    expect(open.get('a:smtp-auth:transport.plaintext-auth')).toBe(true);
    expect(open.get('a:promiscuous:open-relay.plain')).toBe(true);
    expect(open.get('a:string-prefix:pop-before-smtp.neighbour')).toBe(true);
  });

  test('shows a client address that the target saw otherwise', () => {
    expect(text).toContain('198.19.1.3; the target saw 198.18.0.1 ? not the same');
  });
});

test('a page with a baseline says what is new, fixed and undecided, and what the exit status is for', async () => {
  const compared = await renderHtml(baselineReport('new'));
  const shown = textOf(compared);
  for (const words of ['before/report.json', 'new, violation', 'fixed', 'undecided', 'Exit status 2']) {
    expect(shown).toContain(words);
  }
  expect(compared).toContain('<a href="#baseline">');
  expect(text).not.toContain('Since the baseline');
});

/** Every text of a report, without the field names and the words of fixed lists. */
function textsOf(report: Report): string[] {
  const texts: string[] = [];
  withEveryText(report, (value) => {
    texts.push(value);
    return value;
  });
  return [...new Set(texts)];
}

describe('completeness', () => {
  // Without an attempt of the suite, and not web addresses: these are not shown as text.
  const shown = textsOf(sampleReport()).filter((value) => !/^(https|javascript):/u.test(value));

  test('has something to check', () => {
    expect(shown.length).toBeGreaterThan(120);
  });

  test.each(shown)('shows %j', (value) => {
    expect(text).toContain(value);
  });

  test('shows every dialogue line, log line and record as often as it was recorded', () => {
    const evidence = sampleReport().configurations.flatMap(({ attempts, proofs }) =>
      [...attempts, ...proofs].flatMap((item) => item.evidence ?? []),
    );
    const all = (count: (item: (typeof evidence)[number]) => number) =>
      evidence.reduce((sum, item) => sum + count(item), 0);
    const times = (pattern: RegExp) => [...markupAlone(page).matchAll(pattern)].length;
    expect(times(/<li class="(client|server)">/gu)).toBe(
      all(({ dialogues }) => dialogues.flatMap(({ lines }) => lines).length),
    );
    expect(times(/At the sink, /gu)).toBe(all(({ sink }) => sink.length));
    expect(times(/In the mailbox of /gu)).toBe(all(({ mailbox }) => mailbox.length));
    expect(times(/ruleset=check_rcpt/gu)).toBe(all(({ log }) => log.length));
    expect(times(/ TLS <b>/gu)).toBe(
      all(({ dialogues }) => dialogues.flatMap(({ lines }) => lines).filter((line) => line.tls).length),
    );
  });
});

describe('hostile text', () => {
  const skeleton = markupOf(page);

  // A tenth of an endless line: all of it is in hostile-text.test.ts.
  test.each(Object.entries(hostileTexts))('is inert: %s', async (_name, whole) => {
    const hostile = whole.slice(0, 100_000);
    const changed = await renderHtml(
      withEveryText(sampleReport(), (value) => (value.startsWith('http') ? value : value + hostile)),
    );
    expect(markupOf(changed)).toEqual(skeleton);
    expect(markupAlone(changed)).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    expect([...changed.matchAll(/<script/gu)]).toHaveLength(1);
    expect(changed.length).toBeLessThan(4_000_000);
    const ids = idsOf(changed);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w.:~-]+$/u);
  });

  test('does not become a link', async () => {
    for (const url of [
      'javascript:alert(1)',
      'JAVASCRIPT:x',
      'data:text/html,x',
      '//evil.example',
      'https://',
      ' https://x y',
      'file:///x',
    ]) {
      const report = sampleReport();
      for (const description of report.catalogue) description.clauses = [{ id: 'X 1', title: 'clause', url }];
      expect(await renderHtml(report)).not.toMatch(/<a href="[^#]/u);
    }
  });

  test('leaves nothing out when it is everywhere at once', async () => {
    const marker = '<script>alert(1)</script>';
    const plainTimes = textOf(await renderHtml(withEveryText(sampleReport(), (value) => `${value}MARKER`))).split(
      'MARKER',
    ).length;
    const times = textOf(await renderHtml(withEveryText(sampleReport(), (value) => value + marker))).split(
      marker,
    ).length;
    expect(times).toBe(plainTimes);
  });
});

describe('odd reports', () => {
  test('same names do not clash', async () => {
    const report = sampleReport();
    const [first] = report.configurations;
    if (first === undefined) throw new Error('the sample has configurations');
    report.configurations.push({ ...first, attempts: [...first.attempts, ...first.attempts] });
    report.catalogue.push(...report.catalogue);
    const ids = idsOf(await renderHtml(report));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('anchors stay when other attempts come or go', async () => {
    const report = sampleReport();
    const before = idsOf(await renderHtml(report)).filter((id) => id.endsWith('legitimate-mail.local'));
    for (const configuration of report.configurations) configuration.attempts.reverse();
    report.catalogue.reverse();
    expect(
      idsOf(await renderHtml(report))
        .filter((id) => id.endsWith('legitimate-mail.local'))
        .sort(),
    ).toEqual(before.sort());
  });

  test('an attempt that the catalogue does not know is shown, and counts', async () => {
    const report = sampleReport();
    report.catalogue = [];
    expect(textOf(await renderHtml(report))).toContain('Not in the catalogue of this report.');
    expect(textOf(await renderHtml(report))).toContain('4 violations');
  });

  test('an empty report renders', async () => {
    const report = { ...sampleReport(), configurations: [], catalogue: [], suites: [] };
    expect(textOf(await renderHtml(report))).toContain('No configuration was audited.');
  });
});

describe('anchorPart', () => {
  test('is one to one', () => {
    const names = [
      'a/b',
      'a.b',
      'a b',
      'a_b',
      'a_20_b',
      'ä',
      'Ä',
      '\ud800',
      '\udfff',
      'x'.repeat(500),
      `${'x'.repeat(500)}y`,
    ];
    expect(new Set(names.map(anchorPart)).size).toBe(names.length);
  });
});
