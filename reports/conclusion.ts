/** The verdict of a run in words, with counts: the first thing that every output format says. */
import type { Findings } from './findings.ts';
import type { AttemptDescription, Report } from './model.ts';
import { count } from './words.ts';

/** Whether all of these attempts are of level info, on which no verdict depends. */
export const decidesNothing = (attempts: readonly (AttemptDescription | undefined)[]): boolean =>
  attempts.length > 0 && attempts.every((attempt) => attempt?.level === 'info');

/** What the verdict means, as a sentence that can stand alone. */
export function conclusion(report: Report, found: Findings): string {
  const audited = report.configurations.filter(({ role }) => role !== 'control');
  const things = count(audited.length, 'configuration');
  switch (report.verdict) {
    case 'compliant': {
      if (decidesNothing(report.catalogue)) {
        return `Compliant as far as this goes: all that was tried is of level info, which decides nothing (${things}).`;
      }
      const waived = found.waived.filter(({ level }) => level === 'must').length;
      if (waived > 0) {
        return `Compliant but for ${count(waived, 'waived violation')}, accepted for a time, in ${things}: otherwise mail gets out for those who may send, and for nobody else.`;
      }
      return `Compliant: every configuration lets mail out for those who may send, and for nobody else (${things}).`;
    }
    case 'non-compliant': {
      const guilty = audited.filter(({ verdict }) => verdict === 'non-compliant').length;
      return `Not compliant: ${count(found.violations.length, 'violation')} in ${guilty} of ${things}.`;
    }
    case 'inconclusive':
      return `Inconclusive: this run proves nothing, and must not be taken for a pass${shortcomings(found)}.`;
  }
}

function shortcomings(found: Findings): string {
  const parts = [
    found.missedControls.length > 0 ? `${count(found.missedControls.length, 'control')} not detected` : '',
    found.broken.length > 0 ? `${count(found.broken.length, 'configuration')} not started` : '',
    found.inconclusive.length > 0 ? count(found.inconclusive.length, 'inconclusive result') : '',
    found.violations.length > 0 ? `${count(found.violations.length, 'violation')} found all the same` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** The counts behind the verdict. */
export function countsInWords(report: Report, found: Findings): string[] {
  const attempts = report.configurations.reduce((sum, { attempts }) => sum + attempts.length, 0);
  const detected = found.controls.length - found.missedControls.length;
  return [
    `${count(report.configurations.length, 'configuration')}, ${count(attempts, 'attempt')} in all`,
    count(found.violations.length, 'violation'),
    count(found.inconclusive.length, 'inconclusive result'),
    count(found.warnings.length, 'warning'),
    `${count(found.noted.length, 'failed attempt')} at level info`,
    `${count(found.waived.length, 'waived violation')}`,
    `${count(found.passed, 'attempt')} passed`,
    `${count(found.notApplicable, 'attempt')} not applicable`,
    `${detected.toLocaleString('en-US')} of ${count(found.controls.length, 'control')} detected`,
  ];
}
