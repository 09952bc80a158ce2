/** The report for a pipeline's test view: one suite per configuration, one case per attempt. */
import { XMLBuilder } from 'fast-xml-parser';
import { describer } from './findings.ts';
import { bareCase, casesOf, type Outcome, stops, type TestCase } from './junit/cases.ts';
import type { Report } from './model.ts';
import { visible } from './visible.ts';
import { termOf, workOf } from './waivers.ts';
import { waiverMark } from './words.ts';

type Suite = { name: string; cases: TestCase[]; properties: Record<string, string> };

/** Names that a test view would take for one another are numbered. */
function distinct(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    let free = name;
    for (let number = 2; used.has(free); number += 1) free = `${name} (${number})`;
    used.add(free);
    return free;
  };
}

function runCases(report: Report, suites: readonly Suite[]): TestCase[] {
  const { verdict, reasons } = report;
  const stopped = suites.some(({ cases }) => stops(cases));
  if (verdict === 'inconclusive') {
    const named = reasons.length > 0 ? reasons : ['The run is inconclusive, and does not say why.'];
    return named.map((reason, index) => bareCase('relayproof', `reason ${index + 1}`, 'error', reason));
  }
  if (verdict === 'non-compliant' && !stopped) {
    return [bareCase('relayproof', 'verdict', 'failure', ['non-compliant', ...reasons].join(': '))];
  }
  if (suites.every(({ cases }) => cases.length === 0)) {
    return [bareCase('relayproof', 'attempts', 'error', 'Nothing ran, so that nothing is proved.')];
  }
  return [];
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

// Adding up what is printed, so that the sums are right to the last digit.
const printed = (milliseconds: number): number => Math.round(milliseconds);

function counters(cases: readonly TestCase[]) {
  const number = (outcome: Outcome) => cases.filter((testCase) => testCase.outcome === outcome).length;
  return {
    '@tests': cases.length,
    '@failures': number('failure'),
    '@errors': number('error'),
    '@skipped': number('skipped'),
    '@time': seconds(cases.reduce((sum, { milliseconds }) => sum + printed(milliseconds), 0)),
  };
}

function element(testCase: TestCase, name: string) {
  const { classname, milliseconds, outcome, message, details, note } = testCase;
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
  const describe = describer(report);
  const suites: Suite[] = report.configurations.map((configuration, index) => {
    const { name, role, mode, verdict, durationMs } = configuration;
    const waivers = configuration.waivers.map((waiver, at): [string, string] => [
      `waiver ${at + 1}`,
      visible(
        `${waiver.attempt}: ${waiverMark[waiver.state].word}, ${termOf(waiver)}; ${workOf(waiver)}. Reason: ${waiver.reason}`,
      ),
    ]);
    const properties = {
      role,
      mode: mode ?? 'unknown',
      verdict,
      duration: `${seconds(durationMs)} s`,
      ...Object.fromEntries(waivers),
    };
    return { name: visible(name, 300), cases: casesOf(configuration, index, describe), properties };
  });
  const ofRun = runCases(report, suites);
  if (ofRun.length > 0) suites.unshift({ name: 'relayproof', cases: ofRun, properties: { verdict: report.verdict } });

  const suiteName = distinct();
  const caseName = distinct();
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
        '@name': suiteName(name),
        ...counters(cases),
        ...(begun === undefined ? {} : { '@timestamp': begun }),
        properties: {
          property: Object.entries(properties).map(([key, value]) => ({ '@name': key, '@value': value })),
        },
        testcase: cases.map((testCase) => {
          // One key for both, or `a.b` + `c` could pass for `a` + `b.c` in a view that joins them.
          const name = caseName(`${testCase.classname}\n${testCase.name}`).slice(testCase.classname.length + 1);
          return element(testCase, name);
        }),
      })),
    },
  });
}
