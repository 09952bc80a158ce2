/** The report in the Common Test Report Format (ctrf.io), for views of test results that read it. */
import { jsonLine } from './json-line.ts';
import { outcomesOf, printed, type TestCase } from './junit/cases.ts';
import { type TestSuite, testSuites } from './junit/suites.ts';
import type { Report } from './model.ts';
import { visible } from './visible.ts';

/** The version of the format. */
const SPECIFICATION = '0.0.0';

/** An inconclusive attempt is a failure here: the format knows no error, and readers take `other` for harmless. */
const statusOf = { passed: 'passed', failure: 'failed', error: 'failed', skipped: 'skipped' } as const;
const rawStatusOf = { passed: 'passed', failure: 'violation', error: 'inconclusive', skipped: 'skipped' } as const;

function testOf(suite: TestSuite, { classname, name, milliseconds, outcome, message, details, note }: TestCase) {
  return {
    name,
    status: statusOf[outcome],
    rawStatus: rawStatusOf[outcome],
    duration: Math.max(0, printed(milliseconds)),
    suite: classname === suite.name ? [suite.name] : [suite.name, classname],
    ...(message === '' ? {} : { message }),
    ...(details.length === 0 ? {} : { trace: details.join('\n') }),
    ...(note === '' ? {} : { stdout: [note] }),
  };
}

/** Milliseconds since 1970; 0 where a report does not say. */
const epoch = (time: string): number => Math.max(0, Date.parse(time) || 0);

/** The content of `ctrf.json`. */
export function renderCtrf(report: Report): string {
  const { version, startedAt, finishedAt, host, sendmail } = report.provenance;
  const suites = testSuites(report);
  const { passed, failure, error, skipped } = outcomesOf(suites.flatMap(({ cases }) => cases));
  const [start, stop] = [epoch(startedAt), epoch(finishedAt)];
  return `${jsonLine({
    reportFormat: 'CTRF',
    specVersion: SPECIFICATION,
    generatedBy: 'relayproof',
    ...(start > 0 ? { timestamp: new Date(start).toISOString() } : {}),
    results: {
      tool: { name: 'relayproof', version: visible(version, 100) },
      summary: {
        tests: passed + failure + error + skipped,
        passed,
        failed: failure + error,
        skipped,
        pending: 0,
        other: 0,
        suites: suites.length,
        start,
        stop: Math.max(start, stop),
      },
      tests: suites.flatMap((suite) => suite.cases.map((one) => testOf(suite, one))),
      environment: { testEnvironment: visible(host), ...(sendmail ? { appVersion: visible(sendmail) } : {}) },
      extra: { verdict: report.verdict, reasons: report.reasons.map((reason) => visible(reason)) },
    },
  })}\n`;
}
