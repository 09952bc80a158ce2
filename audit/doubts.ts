/** Adaptations that may be why attempts came out as they did. */
import type { Judgement } from '../reports/verdict.ts';
import type { Attempt } from '../suites/attempt.ts';
import { means } from './plan.ts';

/** An adaptation of the target: patterns of the attempts that it may decide, and what was done, in words. */
export type Doubt = { attempts: string[]; text: string };

/** Reads what the target's start script says of one: patterns with commas between, a space, and the words. */
export function doubtOf(said: string): Doubt {
  const space = said.indexOf(' ');
  return { attempts: said.slice(0, space).split(','), text: said.slice(space + 1) };
}

const doubtAbout = (attempt: Attempt, doubts: readonly Doubt[]): Doubt | undefined =>
  doubts.find(({ attempts }) => attempts.some((pattern) => means(pattern, attempt)));

/** Why an attempt that decides nothing has nothing to show on an adapted target; undefined if it has. */
export function notShownHere(attempt: Attempt, doubts: readonly Doubt[]): string | undefined {
  return attempt.level === 'must' ? undefined : doubtAbout(attempt, doubts)?.text;
}

/**
 * What came out perhaps only because the target had to be adapted has shown nothing. Adaptations take away: a pass is
 * doubted, and that legitimate mail did not get through; what gets through where it must not is a violation all the same.
 */
export function doubted(judgement: Judgement, attempt: Attempt, doubts: readonly Doubt[]): Judgement {
  const doubt = doubtAbout(attempt, doubts);
  const { verdict } = judgement;
  return doubt && (verdict === 'pass' || (verdict === 'fail' && attempt.expected === 'deliver'))
    ? { verdict: 'inconclusive', reason: `what was adapted to run it may be why: ${doubt.text}` }
    : judgement;
}
