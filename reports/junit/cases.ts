/** What a pipeline is told of each attempt: passed, failed, could not tell, or skipped. */
import { causeText, placeOf } from '../cause.ts';
import { type Detection, type describer, detectionsOf, type Finding, findingsOf } from '../findings.ts';
import type { AttemptDescription, AttemptResult, ConfigurationResult } from '../model.ts';
import { visible } from '../visible.ts';
import { attemptMark, baselineMark, expectationWord, observationWord, phaseWord } from '../words.ts';

/** How a test case ended. */
export type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** One test case; all texts are safe for XML. */
export type TestCase = {
  classname: string;
  name: string;
  milliseconds: number;
  outcome: Outcome;
  /** Why it failed, could not tell or was skipped. */
  message: string;
  /** What helps to understand a failure, line by line. */
  details: string[];
  /** What else there is to say of a case that passed. */
  note: string;
};

const NAME_LIMIT = 300;
const DIALOGUE_LIMIT = 100;

function seen({ observed, phase }: AttemptResult): string {
  return `${observationWord[observed]}${phase === undefined ? '' : `, ${phaseWord[phase]}`}`;
}

function detailsOf(attempt: AttemptResult, description: AttemptDescription | undefined): string[] {
  const { evidence } = attempt;
  const dialogue = (evidence?.dialogues ?? []).flatMap(({ lines }) =>
    lines.map(({ at, from, text }) => `+${Math.round(at)} ms ${from === 'client' ? 'C' : 'S'}: ${visible(text, 500)}`),
  );
  const left = dialogue.length - DIALOGUE_LIMIT;
  return [
    ...(description === undefined ? [] : [`Requirement: ${visible(description.requirement)}`]),
    `Expected: ${expectationWord[attempt.expected]}`,
    `Observed: ${seen(attempt)}`,
    `Reason: ${visible(attempt.reason)}`,
    ...(attempt.cause === undefined
      ? []
      : [`Cause: ${visible(placeOf(attempt.cause))}: ${visible(causeText(attempt.cause))}`]),
    ...(attempt.baselineState === undefined ? [] : [`Since the baseline: ${baselineMark[attempt.baselineState].word}`]),
    ...(description === undefined ? [] : [`Remedy: ${visible(description.remedy)}`]),
    ...(evidence === undefined ? [] : [`Client: ${visible(evidence.clientAddress)}, ${visible(evidence.identity)}`]),
    ...(evidence?.fate === undefined ? [] : [`Fate: ${visible(evidence.fate)}`]),
    ...dialogue.slice(0, DIALOGUE_LIMIT),
    ...(left > 0 ? [`(${left} more lines)`] : []),
  ];
}

function caseOf(finding: Finding, outcome: Outcome, message: string, note = ''): TestCase {
  const { configuration, attempt, description } = finding;
  const explain = outcome === 'failure' || outcome === 'error';
  return {
    classname: visible(`${configuration.name}.${attempt.suite}`, NAME_LIMIT),
    name: visible(attempt.id, NAME_LIMIT),
    milliseconds: attempt.durationMs,
    outcome,
    message: visible(message),
    details: explain ? detailsOf(attempt, description) : [],
    note: visible(note),
  };
}

/** A case that stands for a configuration or the run, not for an attempt. */
export function bareCase(classname: string, name: string, outcome: Outcome, message: string, details: string[] = []) {
  const lines = details.map((line) => visible(line));
  const [safeClass, safeName] = [visible(classname, NAME_LIMIT), visible(name, NAME_LIMIT)];
  const made: TestCase = {
    classname: safeClass,
    name: safeName,
    milliseconds: 0,
    outcome,
    message: visible(message),
    details: lines,
    note: '',
  };
  return made;
}

/**
 * What the run’s gate lets pass: a pipeline that goes on must not be stopped by its test view, which knows failures and
 * no gate.
 */
export type Gate = {
  /** Whether the run would be green but for what is accepted. */
  open: boolean;
  accepts: (attempt: AttemptResult) => boolean;
};

function auditCase(finding: Finding, gate: Gate): TestCase {
  const { configuration, attempt, level } = finding;
  const { verdict, reason } = attempt;
  switch (verdict) {
    case 'pass':
      return caseOf(finding, 'passed', '');
    case 'fail':
      if (level === 'must' && gate.accepts(finding.attempt)) {
        return caseOf(finding, 'skipped', `known violation, which the baseline has too: ${reason}`);
      }
      if (level === 'must') return caseOf(finding, 'failure', reason);
      return caseOf(
        finding,
        'passed',
        '',
        attempt.needs === undefined
          ? `Failed at level ${level}, which is no failure of the audit: ${reason}`
          : `It does not send: ${reason}. It would need: ${attempt.needs}`,
      );
    case 'inconclusive':
      // Where the verdict could do without it, the pipeline must not stop for it.
      if (level !== 'must' && (configuration.verdict === 'compliant' || gate.open)) {
        return caseOf(finding, 'skipped', `inconclusive at level ${level}: ${reason}`);
      }
      return caseOf(finding, 'error', `inconclusive: ${reason}`);
    default:
      return caseOf(finding, 'skipped', `${attemptMark[verdict].word}: ${reason}`);
  }
}

function bystanderCase(finding: Finding): TestCase {
  const { verdict, reason } = finding.attempt;
  if (verdict === 'pass') return caseOf(finding, 'passed', '');
  if (verdict === 'fail') return caseOf(finding, 'passed', '', `It flags the control’s fault too: ${reason}`);
  return caseOf(finding, 'skipped', `${attemptMark[verdict].word}, without bearing on this control: ${reason}`);
}

function detectionCase({ attemptId, state, finding }: Detection, configuration: ConfigurationResult): TestCase {
  if (finding === undefined) {
    return bareCase(configuration.name, attemptId, 'error', 'not detected: the attempt that must flag it did not run');
  }
  const { verdict, reason } = finding.attempt;
  if (state === 'flagged') return caseOf(finding, 'passed', '', `detected: ${reason}`);
  return caseOf(finding, 'error', `not detected: ${attemptMark[verdict].word}: ${reason}`);
}

function attemptCases(configuration: ConfigurationResult, list: readonly Finding[], gate: Gate): TestCase[] {
  if (configuration.role !== 'control') return list.map((finding) => auditCase(finding, gate));
  const detections = detectionsOf(configuration, list);
  const decisive = new Set(detections.map(({ finding }) => finding));
  return [
    ...detections.map((detection) => detectionCase(detection, configuration)),
    ...list.filter((finding) => !decisive.has(finding)).map(bystanderCase),
  ];
}

// Adding up what is printed, so that the sums are right to the last digit.
export const printed = (milliseconds: number): number => Math.round(milliseconds);

/** How many cases ended each way. */
export function outcomesOf(cases: readonly TestCase[]): Record<Outcome, number> {
  const counts = { passed: 0, failure: 0, error: 0, skipped: 0 };
  for (const { outcome } of cases) counts[outcome] += 1;
  return counts;
}

/** Whether any case is one that stops a pipeline. */
export function stops(cases: readonly TestCase[]): boolean {
  return cases.some(({ outcome }) => outcome === 'failure' || outcome === 'error');
}

/** The cases of a configuration: never all green if its verdict is not, whatever the gate accepts. */
export function casesOf(
  configuration: ConfigurationResult,
  index: number,
  describe: ReturnType<typeof describer>,
  gate: Gate,
): TestCase[] {
  const { name, verdict, reasons, error } = configuration;
  const cases = attemptCases(configuration, findingsOf(configuration, index, describe), gate);
  if (error !== undefined) cases.unshift(bareCase(name, 'starts', 'error', error.message, error.output));
  const settled = verdict === 'compliant' || verdict === 'detected';
  if (!settled && !stops(cases)) {
    const known = verdict === 'non-compliant' && configuration.attempts.some(gate.accepts);
    const outcome = known ? 'skipped' : verdict === 'non-compliant' ? 'failure' : 'error';
    cases.unshift(bareCase(name, 'verdict', outcome, [verdict, ...reasons].join(': '), reasons));
  }
  return cases;
}
