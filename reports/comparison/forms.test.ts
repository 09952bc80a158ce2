import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { hostileTexts } from '../sample-report.ts';
import { widthOf } from '../terminal/layout.ts';
import { renderComparisonHtml } from './html.tsx';
import { COMPARISON_SCHEMA_FILE, comparisonJsonSchema } from './json-schema.ts';
import { MARKDOWN_LIMIT, renderComparisonMarkdown } from './markdown.ts';
import { type Comparison, comparison as schema } from './model.ts';
import { compared, configuration, relayed, result, sampleComparison } from './sample-comparison.ts';
import { renderComparisonTerminal } from './terminal.ts';
import { drawComparison } from './write.ts';

const sample = sampleComparison();
const terminal = (one: Comparison, columns = 80) => renderComparisonTerminal(one, { columns, colour: false });

// Fields with a fixed list of values; all else is text that a peer or a file may have had a hand in.
const fixed = new Set(
  'comparisonVersion verdict role mode level effect expected observed phase protocol from closedBy refusedIn kind judgement change state how certainty confirmed'.split(
    ' ',
  ),
);

function mapText(value: unknown, change: (text: string) => string, key = ''): unknown {
  if (fixed.has(key)) return value;
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change, key === 'attempts' ? '' : ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      // A statement says its two states by the same names as it has sides.
      (name === 'before' || name === 'after') && ['through', 'taken', 'blocked', 'unclear', 'not-tried'].includes(item)
        ? item
        : mapText(item, change, name),
    ]),
  );
}

const hostile = (text: string): Comparison => mapText(sample, (value) => value + text) as Comparison;

test('the sample has every kind of difference but those that need a mode for it', () => {
  expect(new Set(sample.differences.map(({ kind }) => kind))).toEqual(
    new Set(['newly-open', 'newly-blocked', 'only-after', 'unclear']),
  );
});

describe('the schema', () => {
  const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(comparisonJsonSchema()));

  test('the file that is published is current: `npm run docs` writes it', () => {
    const file = fileURLToPath(new URL(`../../${COMPARISON_SCHEMA_FILE}`, import.meta.url));
    expect(readFileSync(file, 'utf8')).toBe(comparisonJsonSchema());
  });

  test.each<[string, unknown, boolean]>([
    ['the sample', sample, true],
    ['one with a field of a later version', { ...sample, later: 1 }, true],
    ['another version', { ...sample, comparisonVersion: 2 }, false],
    ['a kind that there is none of', { ...sample, differences: [{ ...sample.differences[0], kind: 'x' }] }, false],
    ['no attempts', { ...sample, attempts: undefined }, false],
  ])('%s', (_what, value, good) => {
    const read = JSON.parse(JSON.stringify(value));
    expect([valid(read), schema.safeParse(read).success]).toEqual([good, good]);
  });

  test('what is written is read back the same, with all that it names', () => {
    const json = drawComparison(sample, '.').find(({ name }) => name === 'comparison.json')?.content ?? '';
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(sample)));
    const ids = new Set(sample.attempts.map(({ id }) => id));
    const named = [...sample.statements.flatMap(({ attempts }) => attempts), ...sample.differences.map(({ id }) => id)];
    for (const id of named) expect(ids).toContain(id);
  });
});

describe('the terminal', () => {
  const text = terminal(sample);

  test('says it in words first, and the verdict last', () => {
    expect(text).toContain('− POP-authorised senders without AUTH (port 25): could send, can no longer');
    expect(text.indexOf('What changes')).toBeLessThan(text.indexOf('Attempts'));
    expect(text.trimEnd().split('\n').slice(-2).join(' ')).toMatch(
      /^✗ Not safe: AFTER lets through what BEFORE blocked/,
    );
  });

  test.each([60, 80, 132])('fits %d columns', (columns) => {
    for (const line of terminal(sample, columns).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });

  test('colour is never alone', () => {
    const coloured = renderComparisonTerminal(sample, { columns: 80, colour: true });
    expect(coloured.replace(/\u001b\[\d+m/gu, '')).toBe(text);
    expect(coloured).not.toBe(text);
  });

  test.each(Object.entries(hostileTexts))('hostile text is inert: %s', (_name, value) => {
    const shown = terminal(hostile(value));
    expect(shown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(shown.length).toBeLessThan(100_000);
  });
});

describe('Markdown', () => {
  const markdown = renderComparisonMarkdown(sample);
  const structure = (text: string) => text.split('\n').map((line) => /^(#+ |\||\s*- |$)?/u.exec(line)?.[0]);
  const withoutCode = (text: string) =>
    text.replace(/\\[!-/:-@[-`{-~]/gu, '').replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/gu, '');

  test('has what changes before what stays, and both sides in a table', () => {
    expect(markdown.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# ✗ Change of a mail server’s configuration: not safe to change',
      '## Reasons',
      '## What changes',
      '## What stays',
      '## Trust',
      '## Settings',
      '## Look at these',
      '## Other differences',
      '## Answered otherwise',
      '## Counts',
    ]);
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.split(' | ')).toHaveLength(6);
  });

  test.each(Object.entries(hostileTexts))('hostile text is inert: %s', (_name, value) => {
    const shown = renderComparisonMarkdown(hostile(value));
    expect(structure(shown)).toEqual(structure(markdown));
    expect(shown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    expect(withoutCode(shown)).not.toMatch(/[<`[\]@]|https?:|www\.|javascript:/u);
    for (const row of shown.split('\n').filter((line) => line.startsWith('|'))) expect(row.split('|')).toHaveLength(8);
    expect(Buffer.byteLength(shown)).toBeLessThan(MARKDOWN_LIMIT);
  });

  test('stays small with three thousand differences, and says what is left out', () => {
    const ids = Array.from({ length: 3_000 }, (_, n) => `open-relay/form-${n}`);
    const many = compared(
      configuration(
        'a',
        'both',
        ids.map((id) => result(id, 'block')),
      ),
      configuration(
        'b',
        'both',
        ids.map((id) => result(id, 'block', relayed)),
      ),
    );
    const shown = renderComparisonMarkdown(many);
    expect(Buffer.byteLength(shown)).toBeLessThan(MARKDOWN_LIMIT);
    expect(shown).toContain('and 2900 more: the full list is in `comparison.html`.');
    const page = renderComparisonHtml(many);
    expect(Buffer.byteLength(page)).toBeLessThan(10_000_000);
    expect(page).toContain('Its evidence is in comparison.json.');
  });
});

describe('the page', () => {
  const page = renderComparisonHtml(sample);
  const withoutStyle = (html: string) => html.replace(/<style\b.*?<\/style>/gsu, '');
  const markupOf = (html: string) =>
    (withoutStyle(html).match(/<[^>]*>/gu) ?? [])
      .filter((tag) => tag !== '<i class="esc">' && tag !== '</i>')
      .map((tag) => tag.replace(/ (id|href)="[^"]*"/gu, ' $1'));

  test('is well formed, with ids that are unique and links that lead to them', () => {
    expect(
      XMLValidator.validate(withoutStyle(page).replace('<!doctype html>\n', ''), { allowBooleanAttributes: true }),
    ).toBe(true);
    const ids = [...page.matchAll(/ id="([^"]*)"/gu)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/gu)) expect(ids).toContain(target);
  });

  test('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<(script|img|iframe|link|object|embed|base|form)\b/iu);
    expect(withoutStyle(page)).not.toMatch(/\s(src|srcset|style|on\w+)=/iu);
    expect(page).toContain("default-src 'none'");
  });

  test('has both sessions of each statement behind one click', () => {
    const first = /<details class="statement changed">(.*?)<\/details>/su.exec(page)?.[1] ?? '';
    expect(first).toContain('POP-authorised senders without AUTH');
    expect(first).toMatch(
      /<p class="name">Before<\/p>.*<ol class="dialogue">.*<p class="name">After<\/p>.*<ol class="dialogue">/su,
    );
    expect(first).not.toContain('<details');
    expect(first).toContain('none: tried for the comparison, not for mode smtp-auth');
  });

  test('has the evidence of each attempt once', () => {
    const shown = sample.attempts.filter(({ before, after }) => before.result?.evidence ?? after.result?.evidence);
    expect(page.match(/<div class="sides"><div>/gu)).toHaveLength(shown.length);
  });

  test.each(Object.entries(hostileTexts))('hostile text is inert: %s', (_name, value) => {
    const shown = renderComparisonHtml(hostile(value));
    // A text that is longer is cut, and a source that is no longer the name is shown: both are markup of ours.
    expect(markupOf(shown).filter((tag) => !/^<(\/?(?:i|code|a)\b)/u.test(tag))).toEqual(
      markupOf(page).filter((tag) => !/^<(\/?(?:i|code|a)\b)/u.test(tag)),
    );
    expect(shown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    expect(withoutStyle(shown)).not.toMatch(/href="(?!#|https?:)/u);
  });
});
