import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { REPORT_SCHEMA_FILE, reportJsonSchema } from './json-schema.ts';
import { report as reportSchema } from './model.ts';
import { baselineReport, compliantReport, sampleReport } from './sample-report.ts';

const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(reportJsonSchema()));

test('the file that is published is current: `npm run docs` writes it', () => {
  const file = fileURLToPath(new URL(`../${REPORT_SCHEMA_FILE}`, import.meta.url));
  expect(readFileSync(file, 'utf8')).toBe(reportJsonSchema());
});

describe('the schema and the model agree', () => {
  test.each([
    ['a report with everything in it', sampleReport()],
    ['a compliant one', compliantReport()],
    ['one with a baseline', baselineReport()],
    ['one that is gated on new violations', baselineReport('new')],
    ['one with a field of a later version', { ...sampleReport(), laterField: true }],
  ])('that this is good: %s', (_what, report) => {
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
    expect(reportSchema.safeParse(report).success).toBe(true);
  });

  const { configurations, ...without } = sampleReport();
  test.each<[string, unknown]>([
    ['no report', 'x'],
    ['no configurations', without],
    ['another version', { ...sampleReport(), schemaVersion: 2 }],
    ['a verdict that there is none of', { ...sampleReport(), verdict: 'fine' }],
    [
      'a configuration without attempts',
      { ...without, configurations: [{ ...configurations[0], attempts: undefined }] },
    ],
    ['a gate that there is none of', { ...baselineReport(), baseline: { ...baselineReport().baseline, gate: 'old' } }],
    ['a number for a text', { ...sampleReport(), reasons: [5] }],
  ])('that this is bad: %s', (_what, report) => {
    const read = JSON.parse(JSON.stringify(report));
    expect([valid(read), reportSchema.safeParse(read).success]).toEqual([false, false]);
  });
});
