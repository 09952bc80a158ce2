/** The report as suites of test cases: one suite per configuration, one case per attempt. */
import { gateOf, isAccepted } from '../baseline.ts';
import { sinceWords } from '../baseline-words.ts';
import { describer } from '../findings.ts';
import type { AttemptResult, Report } from '../model.ts';
import { visible } from '../visible.ts';
import { termOf, workOf } from '../waivers.ts';
import { waiverMark } from '../words.ts';
import { bareCase, casesOf, stops, type TestCase } from './cases.ts';

/** The cases of one configuration, or of the run itself; names are unique in the report. */
export type TestSuite = { name: string; cases: TestCase[]; properties: Record<string, string> };

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

function runCases(report: Report, suites: readonly TestSuite[]): TestCase[] {
  const { verdict, reasons } = gateOf(report);
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

/** All suites, that of the run first; never all green if the verdict is not. */
export function testSuites(report: Report): TestSuite[] {
  const describe = describer(report);
  const { baseline } = report;
  const gate = {
    open: baseline?.gated?.verdict === 'compliant',
    accepts: (attempt: AttemptResult) => isAccepted(report, attempt),
  };
  const suites: TestSuite[] = report.configurations.map((configuration, index) => {
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
      ...(baseline === undefined ? {} : { baseline: visible(`${baseline.file} ${sinceWords(baseline)}`) }),
      ...Object.fromEntries(waivers),
    };
    return { name: visible(name, 300), cases: casesOf(configuration, index, describe, gate), properties };
  });
  const ofRun = runCases(report, suites);
  if (ofRun.length > 0) suites.unshift({ name: 'relayproof', cases: ofRun, properties: { verdict: report.verdict } });

  const suiteName = distinct();
  const caseName = distinct();
  return suites.map(({ name, cases, properties }) => ({
    name: suiteName(name),
    properties,
    cases: cases.map((one) => ({
      ...one,
      // One key for both, or `a.b` + `c` could pass for `a` + `b.c` in a view that joins them.
      name: caseName(`${one.classname}\n${one.name}`).slice(one.classname.length + 1),
    })),
  }));
}
