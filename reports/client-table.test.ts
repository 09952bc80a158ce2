import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { clientTable, needNumber } from './client-table.ts';
import { findings } from './findings.ts';
import type { AttemptDescription, AttemptResult, ConfigurationResult, Report } from './model.ts';
import { hostileTexts, sampleReport, withEveryText } from './sample-report.ts';
import { shownIn } from './sarif/results.ts';
import { renderSummary } from './summary.ts';
import { widthOf } from './terminal/layout.ts';
import { renderTerminal } from './terminal.ts';

const sample = sampleReport();
const [description] = sample.catalogue as [AttemptDescription];
const [configuration] = sample.configurations as [ConfigurationResult];

const describeClient = (id: string, program: string, way: string, by: 'script' | 'program' = 'script') => ({
  ...description,
  id: `mail-clients/${id}`,
  suite: 'mail-clients',
  level: 'info' as const,
  client: { program, era: '1999–2006', way, by },
});

const result = (id: string, verdict: AttemptResult['verdict'], needs?: string): AttemptResult => ({
  id: `mail-clients/${id}`,
  suite: 'mail-clients',
  expected: 'deliver',
  observed: verdict === 'pass' ? 'relayed' : 'refused',
  verdict,
  reason: `the reason of ${id}`,
  durationMs: 1,
  ...(needs === undefined ? {} : { needs }),
});

const withConfigurations = (
  audited: { name: string; role?: ConfigurationResult['role']; attempts: AttemptResult[] }[],
): Report => ({
  ...sample,
  suites: [{ name: 'mail-clients', title: 'Mail clients' }],
  catalogue: [
    description,
    describeClient('old-pop', 'Old Mail', 'POP login, then port 25'),
    describeClient('old-clear', 'Old Mail', 'AUTH in clear, port 25'),
    describeClient('new-pop', 'curl', 'POP login, then port 25', 'program'),
  ],
  configurations: audited.map(({ name, role = 'reference', attempts }) => ({ ...configuration, name, role, attempts })),
});

const report = withConfigurations([
  {
    name: 'smtp-auth',
    attempts: [
      result('old-pop', 'fail', 'POP before SMTP'),
      result('old-clear', 'fail', 'AUTH with LOGIN'),
      result('new-pop', 'fail', 'POP before SMTP'),
    ],
  },
  { name: 'a-control', role: 'control', attempts: [result('old-pop', 'fail', 'anything')] },
  {
    name: 'pop-before-smtp',
    attempts: [result('old-pop', 'pass'), result('old-clear', 'inconclusive'), result('new-pop', 'not-applicable')],
  },
  { name: 'without', attempts: [{ ...result('x', 'pass'), id: 'open-relay/plain' }] },
  { name: 'half', attempts: [result('old-pop', 'waived')] },
]);

describe('the table of mail programs', () => {
  const table = clientTable(report);

  test('has a column for each configuration that programs were tried with, controls apart', () => {
    expect(table?.configurations).toEqual([
      { name: 'smtp-auth', index: 0 },
      { name: 'pop-before-smtp', index: 2 },
      { name: 'half', index: 4 },
    ]);
  });

  test('has the ways of a program together, with what became of each', () => {
    const rows = table?.programs.map(({ program, by, ways }) => ({
      program,
      by,
      ways: ways.map(({ way, cells }) => [way, ...cells.map(({ state }) => state)]),
    }));
    expect(rows).toEqual([
      {
        program: 'Old Mail',
        by: 'script',
        ways: [
          ['POP login, then port 25', 'does-not-send', 'sends', 'does-not-send'],
          ['AUTH in clear, port 25', 'does-not-send', 'unclear', 'not-tried'],
        ],
      },
      {
        program: 'curl',
        by: 'program',
        ways: [['POP login, then port 25', 'does-not-send', 'not-applicable', 'not-tried']],
      },
    ]);
  });

  test('counts what is needed, each once', () => {
    expect(table?.needs).toEqual(['POP before SMTP', 'AUTH with LOGIN']);
    const numbers = table?.programs.flatMap(({ ways }) =>
      ways.flatMap(({ cells }) => cells.map((cell) => needNumber(table, cell))),
    );
    expect(numbers).toEqual([1, undefined, undefined, 2, undefined, undefined, 1, undefined, undefined]);
  });

  test('is not there where no program was tried', () => {
    expect(clientTable(sample)).toBeUndefined();
    expect(renderTerminal(sample, { columns: 80, colour: false })).not.toContain('Mail clients');
    expect(renderSummary(sample)).not.toContain('## Mail clients');
  });
});

const widest = (output: string) => Math.max(...stripVTControlCharacters(output).trimEnd().split('\n').map(widthOf));
const references = [
  'pop-before-smtp',
  'pop-before-smtp-procmail',
  'smtp-auth',
  'smtp-auth-procmail',
  'both',
  'both-procmail',
  'a-folder-with-a-very-long-name-of-its-own',
];
const many = withConfigurations(
  references.map((name) => ({ name, attempts: [result('old-pop', 'fail', `what ${name} lacks`.repeat(4))] })),
);

describe('on the terminal', () => {
  test('a program has a line for each way, and numbers are explained', () => {
    const output = renderTerminal(report, { columns: 80, colour: false });
    expect(output).toMatch(/^Old Mail$/mu);
    expect(output).toMatch(/^ {2}POP login, then port 25 +✗ 1 +✓ +✗$/mu);
    expect(output).toMatch(/^curl \(itself\)$/mu);
    expect(output).toMatch(/^ 2 AUTH with LOGIN$/mu);
  });

  test.each([60, 80, 120])('it fits %i columns however many configurations there are, and loses none', (columns) => {
    const output = renderTerminal(many, { columns, colour: true });
    expect(widest(output)).toBeLessThanOrEqual(columns);
    expect(stripVTControlCharacters(output).match(/✗ \d+/gu)).toHaveLength(references.length);
  });

  test('six references stand in one table of 80 columns', () => {
    const six = withConfigurations(
      references.slice(0, 6).map((name) => ({ name, attempts: [result('old-pop', 'fail', 'one thing')] })),
    );
    const output = renderTerminal(six, { columns: 80, colour: false });
    expect(output.match(/^program /gmu)).toHaveLength(1);
    expect(widest(output)).toBeLessThanOrEqual(80);
  });

  test.each(Object.entries(hostileTexts))('hostile text is inert: %s', (_name, hostile) => {
    const texts = withEveryText(many, () => hostile);
    // What decides the table stays, or there would be none.
    const configurations = many.configurations.map(({ attempts, ...rest }, index) => ({
      ...rest,
      name: hostile,
      attempts: attempts.map((attempt) => ({ ...attempt, needs: `${hostile}${index}`, reason: hostile })),
    }));
    const catalogue = many.catalogue.map((one) =>
      one.client ? { ...one, client: { ...one.client, program: hostile, way: hostile, era: hostile } } : one,
    );
    const output = renderTerminal({ ...texts, configurations, catalogue }, { columns: 80, colour: false });
    expect(output).toContain('Mail clients');
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
    expect(widest(output)).toBeLessThanOrEqual(80);
  });
});

test('code scanning is spared what a mail program lacks', () => {
  const found = findings(report);
  expect(found.noted.length).toBeGreaterThan(2);
  expect(shownIn(found)).toEqual([]);
});

describe('in the summary', () => {
  test('there is a line for each way, with as many cells as heads', () => {
    const [, after = ''] = renderSummary(report).split('## Mail clients');
    const rows = after.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + 3);
    for (const row of rows) expect(row.split(' | ')).toHaveLength(5);
    expect(rows[2]).toContain('| ✗ needs 1 | ✓ sends |');
    expect(after).toContain('2. AUTH with LOGIN');
  });
});
