import { type CTRFReport, validate } from 'ctrf';
import { describe, expect, test } from 'vitest';
import { renderCtrf } from './ctrf.ts';
import type { Report } from './model.ts';
import { compliantReport, sampleReport } from './sample-report.ts';

function parsed(report: Report): CTRFReport {
  const value = JSON.parse(renderCtrf(report));
  expect(validate(value).errors).toEqual([]);
  return value;
}

const sample = parsed(sampleReport());
const subject = 'our mail: Zürich/东京';
const testsOf = (report: CTRFReport, suite: string) => report.results.tests.filter((one) => one.suite?.[0] === suite);

test('the validator sees what is wrong', () => {
  const value = JSON.parse(renderCtrf(sampleReport()));
  value.results.tests[0].status = 'inconclusive';
  expect(validate(value).valid).toBe(false);
});

test('the summary agrees with the tests', () => {
  const count = (status: string) => sample.results.tests.filter((one) => one.status === status).length;
  const { tests, passed, failed, skipped, pending, other } = sample.results.summary;
  expect([passed, failed, skipped, pending, other]).toEqual([count('passed'), count('failed'), count('skipped'), 0, 0]);
  expect(tests).toBe(sample.results.tests.length);
  expect(sample.results.summary).toMatchObject({ start: Date.parse('2026-03-01T10:00:00Z'), suites: 6 });
});

describe('tests', () => {
  test.each([
    ['smtp-auth', 'open-relay/plain', 'passed', 'passed'],
    ['smtp-auth', 'pop-before-smtp/neighbour', 'skipped', 'skipped'],
    [subject, 'open-relay/plain', 'failed', 'violation'],
    [subject, 'pop-before-smtp/neighbour', 'failed', 'inconclusive'],
    [subject, 'transport/plaintext-auth', 'skipped', 'skipped'],
    ['string-prefix', 'smtp-auth/wrong-password', 'failed', 'inconclusive'],
    ['relayproof', 'reason 1', 'failed', 'inconclusive'],
  ])('%s %s: %s', (suite, name, status, rawStatus) => {
    const found = testsOf(sample, suite).filter((one) => one.name === name);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ status, rawStatus });
  });

  test('say why', () => {
    const violation = testsOf(sample, subject).find(({ name }) => name === 'open-relay/plain');
    expect(violation?.message).toBe('The sink received the message of a stranger.');
    expect(violation?.trace).toContain('Remedy: Remove FEATURE');
    expect(testsOf(sample, 'promiscuous')[0]?.stdout?.[0]).toMatch(/^detected: /);
  });
});

test.each([
  ['inconclusive', { ...compliantReport(), verdict: 'inconclusive' as const }],
  ['empty', { ...compliantReport(), configurations: [] }],
])('a run that is %s has a failed test, and a compliant one none', (_what, report) => {
  expect(parsed(report).results.summary.failed).toBeGreaterThan(0);
  expect(parsed(compliantReport()).results.summary.failed).toBe(0);
});

test('times that nobody can read are 0', () => {
  const report = sampleReport();
  Object.assign(report.provenance, { startedAt: 'yesterday', finishedAt: '' });
  expect(parsed(report).results.summary).toMatchObject({ start: 0, stop: 0 });
});
