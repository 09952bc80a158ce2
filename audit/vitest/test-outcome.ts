/** What a result means to the test that stands for it. */
import type { AttemptResult } from '../../reports/model.ts';
import { showsNoOtherFault } from '../../reports/verdict.ts';
import type { PlannedConfiguration } from '../plan.ts';

/** Of a test: why it is skipped, or why it fails; neither, if it passes. */
export type TestOutcome = { id: string; skipped?: string; failure?: string };

type Planned = Pick<PlannedConfiguration, 'configuration' | 'attempts' | 'detectedBy' | 'mustPass'>;

function failureOf(planned: Planned, result: AttemptResult, results: readonly AttemptResult[]): string | undefined {
  const { configuration, attempts, detectedBy, mustPass } = planned;
  const observed = `observed ${result.observed}${result.phase ? ` (${result.phase})` : ''}: ${result.reason}`;
  if (configuration.role === 'control') {
    if (detectedBy.includes(result.id) && result.verdict !== 'fail') {
      return `this control's fault was not detected; ${observed}`;
    }
    return mustPass.includes(result.id) && !showsNoOtherFault(result, results, detectedBy)
      ? `this control has another fault than its own; ${observed}`
      : undefined;
  }
  const attempt = attempts.find(({ id }) => id === result.id);
  if (result.verdict === 'pass' || (result.verdict === 'fail' && attempt?.level !== 'must')) {
    return undefined;
  }
  const what = result.verdict === 'fail' ? attempt?.effect : 'inconclusive';
  return `${what}: expected ${result.expected}, ${observed}\n${attempt?.requirement}\n${attempt?.remedy}`;
}

/** The outcomes of a configuration's tests, one for each result. */
export function outcomesOf(planned: Planned, results: readonly AttemptResult[]): TestOutcome[] {
  return results.map((result) => {
    const { id, verdict, reason } = result;
    if (verdict === 'not-applicable' || verdict === 'waived') {
      return { id, skipped: `${verdict}: ${reason}` };
    }
    const failure = failureOf(planned, result, results);
    return failure === undefined ? { id } : { id, failure };
  });
}
