/** Accepted violations: they stay visible, and end on their day. */
import type { Policy } from '../containers/configurations/policy.ts';
import type { AttemptResult, WaiverResult } from '../reports/model.ts';
import type { Attempt } from '../suites/attempt.ts';
import { means } from './plan.ts';

type Waiver = Policy['waivers'][number];

const DAY_MS = 86_400_000;

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** Applies waivers, which name attempts by id, alias or pattern, to failed attempts. Nothing else can be accepted. */
export function waive(
  results: readonly AttemptResult[],
  waivers: readonly Waiver[],
  attempts: readonly Attempt[],
  today: Date,
): AttemptResult[] {
  const day = dayOf(today);
  return results.map((result): AttemptResult => {
    const attempt = attempts.find((one) => one.id === result.id);
    const meant = attempt ? waivers.filter((one) => means(one.attempt, attempt)) : [];
    const waiver = meant.find((one) => one.expires >= day) ?? meant[0];
    if (!waiver || result.verdict !== 'fail') {
      return result;
    }
    if (waiver.expires < day) {
      return { ...result, reason: `${result.reason} (its waiver ended on ${waiver.expires})` };
    }
    const reason = `waived until ${waiver.expires}: ${waiver.reason}; otherwise: ${result.reason}`;
    return { ...result, verdict: 'waived', reason };
  });
}

/**
 * What each waiver came to, from the results to which they have been applied.
 *
 * @param attempts those that were planned
 */
export function waiverResults(
  waivers: readonly Waiver[],
  results: readonly AttemptResult[],
  attempts: readonly Attempt[],
  today: Date,
): WaiverResult[] {
  const day = dayOf(today);
  const byId = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  return waivers.map(({ attempt, reason, expires }): WaiverResult => {
    const named = results.filter((result) => {
      const planned = byId.get(result.id);
      return planned !== undefined && means(attempt, planned);
    });
    const failed = named.filter(({ verdict }) => verdict === 'fail' || verdict === 'waived').map(({ id }) => id);
    // What has no result may need the waiver yet.
    const open = named.length === 0 || named.some(({ verdict }) => verdict === 'inconclusive');
    return {
      attempt,
      reason,
      expires,
      state: expires < day ? 'expired' : failed.length > 0 ? 'in-use' : open ? 'undecided' : 'not-needed',
      attempts: failed,
      daysLeft: Math.round((Date.parse(expires) - Date.parse(day)) / DAY_MS),
    };
  });
}
