import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { baselineReport, compliantReport, hostileTexts, sampleReport, withEveryText } from './sample-report.ts';
import { headsOf } from './terminal/heads.ts';
import { hanging, shorten, widthOf, wrap } from './terminal/layout.ts';
import { renderTerminal } from './terminal.ts';

const plain = renderTerminal(sampleReport(), { columns: 80, colour: false });
const linesOf = (output: string): string[] => output.trimEnd().split('\n');
const widest = (output: string): number => Math.max(...linesOf(stripVTControlCharacters(output)).map(widthOf));

describe('the end of a run', () => {
  test.each([60, 72, 80, 100, 200])('fits %i columns', (columns) => {
    for (const colour of [false, true]) {
      expect(widest(renderTerminal(sampleReport(), { columns, colour }))).toBeLessThanOrEqual(columns);
    }
  });

  test.each([0, 10, Number.NaN])('takes %f columns for 60', (columns) => {
    expect(renderTerminal(sampleReport(), { columns, colour: false })).toBe(
      renderTerminal(sampleReport(), { columns: 60, colour: false }),
    );
  });

  test('colours repeat what is said', () => {
    const coloured = renderTerminal(sampleReport(), { columns: 80, colour: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured).replaceAll(/ +\n/gu, '\n')).toBe(plain);
    expect(plain).not.toContain('\u001b');
  });

  test('has one table with all suites, one cell for each', () => {
    const rows = linesOf(plain);
    expect(rows.find((line) => line.startsWith('smtp-auth '))).toMatch(
      /✓ compliant +✓ 2 +· +✓ 1\/2 +– 1 +✓ 1 +! 1\/2$/u,
    );
    expect(rows.find((line) => line.startsWith('our mail:'))).toMatch(/✗ not compliant +✗ 2 +· +\? 1 +\? 1 +· +○ 1$/u);
    expect(plain.match(/^configuration/gmu)).toHaveLength(1);
  });

  test('splits the matrix where there are too many suites, and loses none', () => {
    const report = sampleReport();
    report.suites.push(
      ...['network-trust', 'reflection', 'delivery-agents', 'mail-clients', 'extraordinarily-long-names'].map(
        (name) => ({ name, title: '' }),
      ),
    );
    const output = renderTerminal(report, { columns: 80, colour: false });
    expect(widest(output)).toBeLessThanOrEqual(80);
    expect(output.match(/^configuration/gmu)?.length).toBeGreaterThan(1);
    expect(output).toContain('= extraordinarily-long-names');
    expect(output.match(/^smtp-auth /gmu)).toHaveLength(output.match(/^configuration/gmu)?.length ?? 0);
  });

  test('says of controls whether they were detected, and by whom they were not', () => {
    expect(plain).toMatch(/✓ detected +promiscuous +1\/1 FEATURE/u);
    expect(plain).toMatch(/✗ MISSED +string-prefix +0\/2 The map/u);
    expect(plain).toMatch(/✗ pop-before-smtp\/neighbour NOT flagged/u);
    expect(plain).toMatch(/✗ smtp-auth\/wrong-password NOT run/u);
  });

  test('says violations, their remedy and what is inconclusive in words', () => {
    const flat = plain.replaceAll(/\s+/gu, ' ');
    expect(flat).toContain(
      '✗ open-relay/plain: An outsider writes to an outsider. The sink received the message of a stranger.',
    );
    expect(flat).toContain('Remedy: Remove FEATURE(`promiscuous_relay’) and name the networks that may relay.');
    expect(flat).toContain('? broken did not start: sendmail ended with status 78');
    expect(flat).toContain('- The control string-prefix was missed.');
  });

  test('ends with the verdict', () => {
    expect(linesOf(plain).slice(-3).join(' ').replaceAll(/\s+/gu, ' ')).toContain(
      '? Inconclusive: this run proves nothing',
    );
    expect(linesOf(renderTerminal(compliantReport(), { columns: 120, colour: false })).at(-1)).toMatch(
      /^✓ Compliant: /u,
    );
  });

  test('stays short where a configuration lets everything through, and counts the rest', () => {
    const report = sampleReport();
    const subject = report.configurations[1];
    const failed = subject?.attempts[0];
    if (subject === undefined || failed === undefined) throw new Error('the sample has a subject');
    subject.attempts = Array.from({ length: 5000 }, () => failed);
    const output = renderTerminal(report, { columns: 80, colour: false });
    expect(output).toContain('and 4,990 violations more');
    expect(linesOf(output).length).toBeLessThan(150);
  });
});

describe('with a baseline', () => {
  const flat = (report: ReturnType<typeof baselineReport>) =>
    renderTerminal(report, { columns: 80, colour: false }).replaceAll(/\s+/gu, ' ');

  test('says what is new, fixed and open, and counts what is known', () => {
    const text = flat(baselineReport());
    expect(text).toMatch(
      /Since before\/report\.json, of 2026-03-01.*: 1 new violation, 1 known, 1 fixed, 1 of which it cannot be told/u,
    );
    expect(text).toContain('✗ new, violation: our mail: Zürich/东京, open-relay/percent-hack-host: passed then');
    expect(text).toContain('✓ fixed: smtp-auth, open-relay/plain: failed then, passes now');
    expect(text).toContain('? cannot be told, violation: our mail: Zürich/东京, pop-before-smtp/neighbour');
    expect(text).not.toContain('Exit status');
  });

  test('has what is new first among the violations', () => {
    const text = flat(baselineReport());
    const fresh = text.indexOf('✗ open-relay/percent-hack-host (new)');
    expect(fresh).toBeGreaterThan(0);
    expect(text.indexOf('✗ open-relay/plain (known)')).toBeGreaterThan(fresh);
  });

  test('gated on new ones, the last words are what the exit status is for', () => {
    expect(flat(baselineReport('new'))).toMatch(
      /\? Exit status 2: 1 known violation, 1 new one; gated on new ones\. But the run is not complete[^.]*\. $/u,
    );
  });
});

describe('hostile text', () => {
  test.each(Object.entries(hostileTexts))('is inert: %s', (_name, hostile) => {
    const report = withEveryText(baselineReport('new'), (value) => value + hostile);
    const output = renderTerminal(report, { columns: 80, colour: false });
    expect(output).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    expect(widest(output)).toBeLessThanOrEqual(80);
    const coloured = renderTerminal(report, { columns: 80, colour: true });
    expect(coloured.replaceAll(/\u001b\[\d+m/gu, '')).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('layout', () => {
  test('wide characters take two columns', () => {
    expect(widthOf('a東😀')).toBe(5);
    expect(shorten('東京東京', 5)).toBe('東京…');
  });

  test('wraps at spaces, and anywhere else only if it must', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrap('pop-before-smtp-procmail', 16, '-')).toEqual(['pop-before-smtp-', 'procmail']);
    expect(wrap('', 10)).toEqual(['']);
    expect(hanging('✗', 'one two three', 9)).toEqual(['✗ one two', '  three']);
  });

  test('heads that would look the same are told apart', () => {
    const heads = headsOf(['extraordinary', 'extraordinate', 'a-b-c-d', 'a-b-c-e'], 7).map(({ lines }) =>
      lines.join('|'),
    );
    expect(new Set(heads).size).toBe(4);
  });
});
