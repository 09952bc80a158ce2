import { describe, expect, test } from 'vitest';
import { code, codeInTable, prose } from './markdown.ts';
import { baselineReport, compliantReport, hostileTexts, sampleReport, withEveryText } from './sample-report.ts';
import { renderSummary, SUMMARY_LIMIT } from './summary.ts';

const summary = renderSummary(sampleReport());
const headings = (markdown: string): string[] => markdown.split('\n').filter((line) => line.startsWith('#'));

/** The Markdown without its code spans, as CommonMark finds them: a span ends at a run of as many backticks. */
function withoutCode(markdown: string): string {
  const escapesGone = markdown.replace(/\\[!-/:-@[-`{-~]/gu, '');
  return escapesGone.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/gu, '');
}

describe('the summary', () => {
  test('has what is wrong first', () => {
    expect(headings(summary)).toEqual([
      '# ? Relay audit: inconclusive',
      '## Violations',
      '## Controls not detected',
      '## Inconclusive',
      '## Waivers',
      '## Warnings',
      '## Matrix',
      '## Counts',
    ]);
    expect(headings(renderSummary(compliantReport()))).not.toContain('## Violations');
  });

  test('names violations with their remedy, missed controls and inconclusive results', () => {
    expect(summary).toContain('- ✗ `open-relay/plain`: An outsider writes to an outsider; must be blocked');
    expect(summary).toContain('Remedy: Remove FEATURE(\\`promiscuous\\_relay’)');
    expect(summary).toContain('  - ✗ `smtp-auth/wrong-password`: NOT run');
    expect(summary).toContain('`450 4.7.1 Relaying temporarily denied: a deferral is not a block.`');
    expect(summary).toContain('`broken` does not start');
  });

  test('has every configuration in the matrix, with as many cells as heads', () => {
    const rows = summary.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + sampleReport().configurations.length);
    for (const row of rows) expect(row.split(' | ')).toHaveLength(8);
    expect(summary).toContain('| ✗ fail 2/2 |');
  });
});

describe('with a baseline', () => {
  const markdown = renderSummary(baselineReport('new'));
  test('says what is new and what the exit status is for', () => {
    expect(headings(markdown)).toContain('## Baseline');
    expect(markdown).toContain(
      '- ✗ new, violation: `our mail: Zürich/东京`, `open-relay/percent-hack-host`. `passed then`',
    );
    expect(markdown).toContain('- ✗ `open-relay/plain` (known): ');
    expect(markdown).toMatch(/^\? Exit status 2\\: 1 known violation, 1 new one/mu);
    expect(headings(summary)).not.toContain('## Baseline');
  });
});

describe('hostile text', () => {
  const structure = (markdown: string) =>
    markdown.split('\n').map((line) => /^(#+ |\||\s*- |\*\*|$)?/u.exec(line)?.[0]);

  const plain = structure(renderSummary(baselineReport('new')));
  test.each(Object.entries(hostileTexts))('is inert: %s', (_name, hostile) => {
    const markdown = renderSummary(withEveryText(baselineReport('new'), (value) => value + hostile));
    expect(structure(markdown)).toEqual(plain);
    expect(markdown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    const outside = withoutCode(markdown);
    expect(outside).not.toMatch(/[<`[\]@]|https?:|www\.|javascript:/u);
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.split('|')).toHaveLength(10);
    expect(Buffer.byteLength(markdown)).toBeLessThan(SUMMARY_LIMIT);
  });

  test('the check itself sees what is not inert', () => {
    expect(withoutCode('- `a` <b>')).toContain('<');
    expect(withoutCode('``a` <b>`` [x](y)')).toBe(' [x](y)');
  });

  test('code keeps backticks inside', () => {
    expect(code('a``b')).toBe('```a``b```');
    expect(code('`')).toBe('`` ` ``');
    expect(code('')).toBe('(empty)');
    expect(codeInTable('a|b')).toBe('`a\\u{007c}b`');
  });

  test('prose keeps its words', () => {
    expect(prose('1. *a* <b> u@x.example')).toBe('&#49;. \\*a\\* &lt;b&gt; u\\@x\\.example');
    expect(prose('- item')).toBe('\\- item');
  });
});

describe('size', () => {
  test('stays below the limit, and counts what was left out', () => {
    const report = sampleReport();
    const subject = report.configurations[1];
    const failed = subject?.attempts[0];
    const unclear = subject?.attempts[2];
    if (subject === undefined || failed === undefined || unclear === undefined)
      throw new Error('the sample has a subject');
    subject.attempts = Array.from({ length: 20_000 }, (_, index) => ({
      ...(index % 2 === 0 ? failed : unclear),
      reason: `${index} ${'é'.repeat(400)}`,
    }));
    report.reasons = Array.from({ length: 20_000 }, (_, index) => `reason ${index} ${'\0'.repeat(400)}`);
    report.configurations.push(...Array.from({ length: 5000 }, () => ({ ...subject, attempts: [] })));
    report.suites = Array.from({ length: 30 }, (_, index) => ({ name: `suite-${index}`, title: '' }));
    const markdown = renderSummary(report);
    expect(Buffer.byteLength(markdown)).toBeLessThan(SUMMARY_LIMIT);
    const listed = markdown.split('\n').filter((line) => line.startsWith('- ✗ `open-relay/plain`')).length;
    const left = Number(/([\d,]+) violations left out here/u.exec(markdown)?.[1]?.replaceAll(',', ''));
    expect(listed).toBeGreaterThan(100);
    expect(listed + left).toBe(10_000);
    for (const noun of ['reasons', 'results', 'configurations'])
      expect(markdown).toMatch(new RegExp(`${noun} left out here`, 'u'));
    expect(markdown).toContain('## Counts');
  });

  test('a matrix that is too wide is left out', () => {
    const report = sampleReport();
    report.suites = Array.from({ length: 30_000 }, (_, index) => ({ name: `suite-${index}`, title: '' }));
    expect(Buffer.byteLength(renderSummary(report))).toBeLessThan(SUMMARY_LIMIT);
    expect(renderSummary(report)).toContain('The matrix is in `index.html`.');
  });
});
