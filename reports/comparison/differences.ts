/** What an attempt came to on one side and not on the other. */
import type { AttemptDescription, AttemptResult, AuthMode, ConfigurationResult } from '../model.ts';
import { phaseWord } from '../words.ts';
import { judgeDifference } from './expected.ts';
import type { ComparedAttempt, Difference, DifferenceKind, OtherAnswer, SideOfAttempt } from './model.ts';
import { NOT_FOR_MODE } from './not-applicable.ts';
import { isBeyondMode, replyOf, sideOf } from './state.ts';

const decided = ({ state }: SideOfAttempt): boolean => state !== 'unclear' && state !== 'not-tried';

type Kind = DifferenceKind | 'other-answer';

/** What differs, the weightiest first; undefined where nothing does, or neither side tried it. `mode` is AFTER’s. */
export function differenceKind(
  before: SideOfAttempt,
  after: SideOfAttempt,
  mode: AuthMode | undefined,
): Kind | undefined {
  if (before.state === 'not-tried' && after.state === 'not-tried') {
    return undefined;
  }
  if (before.state === 'not-tried' || after.state === 'not-tried') {
    const there = before.state === 'not-tried' ? after : before;
    if (there.state === 'unclear') {
      return 'unclear';
    }
    return there === before ? 'only-before' : 'only-after';
  }
  if (!decided(before) || !decided(after)) {
    return 'unclear';
  }
  if (before.state !== after.state) {
    if (after.state === 'through') return 'newly-open';
    if (before.state === 'through') return 'newly-blocked';
    return after.state === 'taken' ? 'newly-taken' : 'no-longer-taken';
  }
  return smallerDifference(before, after, mode);
}

function smallerDifference(before: SideOfAttempt, after: SideOfAttempt, mode: AuthMode | undefined): Kind | undefined {
  const [one, other] = [before.result, after.result];
  if (other !== undefined && after.comparedOnly && after.why?.startsWith(NOT_FOR_MODE) && isBeyondMode(other, mode)) {
    return 'still-open';
  }
  if (one === undefined || other === undefined) {
    return undefined;
  }
  if (before.state !== 'through' && (one.phase !== other.phase || replyOf(one) !== replyOf(other))) {
    return 'other-answer';
  }
  return !before.comparedOnly && !after.comparedOnly && one.verdict !== other.verdict ? 'other-verdict' : undefined;
}

const where = ({ phase }: AttemptResult): string => (phase === undefined ? '' : ` ${phaseWord[phase]}`);

/** What a side did, in a few words and its own. */
export function outcomeWords({ state, why, result }: SideOfAttempt): string {
  switch (state) {
    case 'through':
      return result?.observed === 'delivered' ? 'delivered' : result?.observed === 'relayed' ? 'relayed' : 'accepted';
    case 'taken':
      return `taken${result === undefined ? '' : where(result)}`;
    case 'blocked':
      return result === undefined ? 'blocked' : `blocked${where(result)}: ${result.reason}`;
    case 'unclear':
      return `cannot be told: ${why ?? 'inconclusive'}`;
    case 'not-tried':
      return `not tried: ${why ?? 'it does not apply'}`;
  }
}

export type Compared = {
  attempts: ComparedAttempt[];
  differences: Difference[];
  answers: OtherAnswer[];
  same: number;
  notTried: number;
  onlyIn: { before: number; after: number };
};

function answerOf({ result }: SideOfAttempt): OtherAnswer['before'] {
  const reply = result && replyOf(result);
  return {
    ...(result?.phase === undefined ? {} : { phase: result.phase }),
    ...(reply === undefined ? {} : { reply }),
  };
}

/** Compares all attempts that were part of both sides' runs, in the order of AFTER. */
export function compareAttempts(
  before: ConfigurationResult,
  after: ConfigurationResult,
  describe: (id: string) => AttemptDescription | undefined,
): Compared {
  const idsOf = ({ attempts }: ConfigurationResult) => new Set(attempts.map(({ id }) => id));
  const [left, right] = [idsOf(before), idsOf(after)];
  const ids = [...right].filter((id) => left.has(id));
  const differences: Difference[] = [];
  const answers = new Map<string, OtherAnswer>();
  let same = 0;
  let notTried = 0;
  const attempts = ids.map((id): ComparedAttempt => {
    const description = describe(id);
    return { id, ...(description ? { description } : {}), before: sideOf(before, id), after: sideOf(after, id) };
  });
  for (const attempt of attempts) {
    const kind = differenceKind(attempt.before, attempt.after, after.mode);
    if (kind === undefined) {
      const neither = attempt.before.state === 'not-tried';
      same += neither ? 0 : 1;
      notTried += neither ? 1 : 0;
      continue;
    }
    if (kind === 'other-answer') {
      const [one, other] = [answerOf(attempt.before), answerOf(attempt.after)];
      const key = JSON.stringify([one, other]);
      const known = answers.get(key) ?? { before: one, after: other, attempts: [] };
      known.attempts.push(attempt.id);
      answers.set(key, known);
      continue;
    }
    const level = attempt.description?.level ?? 'must';
    const words = `${outcomeWords(attempt.before)} → ${outcomeWords(attempt.after)}`;
    differences.push({
      id: attempt.id,
      kind,
      words,
      ...judgeDifference(kind, { ...attempt, level }, { before, after }),
    });
  }
  const onlyIn = { before: left.size - ids.length, after: right.size - ids.length };
  const commonest = [...answers.values()].sort((a, b) => b.attempts.length - a.attempts.length);
  return { attempts, differences, answers: commonest, same, notTried, onlyIn };
}
