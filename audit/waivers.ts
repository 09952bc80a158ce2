/** Accepted violations: they stay visible, and end on their day. */
import type { Policy } from '../containers/configurations/policy.ts';
import type { AttemptResult } from '../reports/model.ts';
import type { Attempt } from '../suites/attempt.ts';
import { means } from './plan.ts';

/** Applies waivers, which name attempts by id, alias or pattern, to failed attempts; remarks say which waivers have expired or are not needed. */
export function waive(
  results: readonly AttemptResult[],
  waivers: Policy['waivers'],
  attempts: readonly Attempt[],
  today: Date,
): { results: AttemptResult[]; remarks: string[] } {
  const day = today.toISOString().slice(0, 10);
  const remarks: string[] = [];
  const used = new Set<(typeof waivers)[number]>();
  const waived = results.map((result): AttemptResult => {
    const attempt = attempts.find((one) => one.id === result.id);
    const meant = attempt ? waivers.filter((one) => means(one.attempt, attempt)) : [];
    const waiver = meant.find((one) => one.expires >= day) ?? meant[0];
    if (!waiver || result.verdict !== 'fail') {
      return result;
    }
    used.add(waiver);
    if (waiver.expires < day) {
      return { ...result, reason: `${result.reason} (its waiver ended on ${waiver.expires})` };
    }
    const reason = `waived until ${waiver.expires}: ${waiver.reason}; otherwise: ${result.reason}`;
    return { ...result, verdict: 'waived', reason };
  });
  for (const waiver of waivers) {
    if (!used.has(waiver)) {
      remarks.push(`the waiver for ${waiver.attempt} is not needed: nothing that it names failed`);
    } else if (waiver.expires < day) {
      remarks.push(`the waiver for ${waiver.attempt} ended on ${waiver.expires}`);
    }
  }
  return { results: waived, remarks };
}
