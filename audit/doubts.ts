/** Adaptations that may be why attempts came out as they did. */
import type { Judgement } from '../reports/verdict.ts';
import type { Attempt } from '../suites/attempt.ts';
import { means } from './plan.ts';

/**
 * An adaptation of the target: patterns of the attempts that it may decide, and what was done, in words. `opens`: it may
 * have let something through, such as a stand-in for an authority that signs certificates.
 */
export type Doubt = { attempts: string[]; opens: boolean; text: string };

/** Reads what the target's start script says of one: `+` if it opens, patterns with commas between, a space, the words. */
export function doubtOf(said: string): Doubt {
  const space = said.indexOf(' ');
  const patterns = said.slice(0, space);
  return {
    attempts: patterns.replace(/^\+/, '').split(','),
    opens: patterns.startsWith('+'),
    text: said.slice(space + 1),
  };
}

/**
 * What came out perhaps only because the target had to be adapted has shown nothing. Most adaptations take away: a pass is
 * doubted, and that legitimate mail did not get through; what gets through where it must not is a violation all the same.
 */
export function doubted(judgement: Judgement, attempt: Attempt, doubts: readonly Doubt[]): Judgement {
  const doubt = doubts.find(({ attempts }) => attempts.some((pattern) => means(pattern, attempt)));
  const { verdict } = judgement;
  return doubt && (verdict === 'pass' || (verdict === 'fail' && (attempt.expected === 'deliver' || doubt.opens)))
    ? { verdict: 'inconclusive', reason: `what was adapted to run it may be why: ${doubt.text}` }
    : judgement;
}
