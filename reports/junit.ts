/** The report for a pipeline's test view: one suite per configuration, one case per attempt. */
import { XMLBuilder } from 'fast-xml-parser';
import { outcomesOf, printed, type TestCase } from './junit/cases.ts';
import { testSuites } from './junit/suites.ts';
import type { Report } from './model.ts';

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

function counters(cases: readonly TestCase[]) {
  const { failure, error, skipped } = outcomesOf(cases);
  return {
    '@tests': cases.length,
    '@failures': failure,
    '@errors': error,
    '@skipped': skipped,
    '@time': seconds(cases.reduce((sum, { milliseconds }) => sum + printed(milliseconds), 0)),
  };
}

function element(testCase: TestCase) {
  const { classname, name, milliseconds, outcome, message, details, note } = testCase;
  const body = details.join('\n');
  return {
    '@classname': classname,
    '@name': name,
    '@time': seconds(printed(milliseconds)),
    ...(outcome === 'failure' && { failure: { '@message': message, '@type': 'violation', '#text': body } }),
    ...(outcome === 'error' && { error: { '@message': message, '@type': 'inconclusive', '#text': body } }),
    ...(outcome === 'skipped' && { skipped: { '@message': message } }),
    ...(note !== '' && { 'system-out': note }),
  };
}

/** The content of `junit.xml`. */
export function renderJunit(report: Report): string {
  const suites = testSuites(report);
  const begun = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(report.provenance.startedAt)?.[0];
  const builder = new XMLBuilder({
    format: true,
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': 'relayproof',
      ...counters(suites.flatMap(({ cases }) => cases)),
      testsuite: suites.map(({ name, cases, properties }) => ({
        '@name': name,
        ...counters(cases),
        ...(begun === undefined ? {} : { '@timestamp': begun }),
        properties: {
          property: Object.entries(properties).map(([key, value]) => ({ '@name': key, '@value': value })),
        },
        testcase: cases.map(element),
      })),
    },
  });
}
