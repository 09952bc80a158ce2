/** Whether a change is what the modes and declarations of both sides make of it. */
import type { AuthMode, ConfigurationResult, Level } from '../model.ts';
import type { DifferenceJudgement, DifferenceKind, SideOfAttempt } from './model.ts';
import { NOT_FOR_MODE } from './not-applicable.ts';
import { isBeyondMode, isEarnedElsewhere, resultsOf } from './state.ts';

export type Judged = { judgement: DifferenceJudgement; why: string };

export type Pair = {
  id: string;
  level: Level;
  before: SideOfAttempt;
  after: SideOfAttempt;
};

type Sides = { before: ConfigurationResult; after: ConfigurationResult };

/**
 * Attempts that must be blocked only where a mode lacks something (`applies.modes`): in every other mode it is meant to
 * work. All others that must be blocked must be blocked whatever the mode is.
 */
const meantInOtherModes =
  /^(?:smtp-auth|pop-before-smtp)\/(?:\S*outside-the-mode\S*|submission-(?:unauthenticated|wrong-password))$/u;

const plannedReason = (configuration: ConfigurationResult, id: string): string | undefined => {
  const { planned } = resultsOf(configuration, id);
  return planned?.verdict === 'not-applicable' ? planned.reason : undefined;
};

const droppedByMode = (reason: string | undefined): boolean => reason?.startsWith(`${NOT_FOR_MODE} `) ?? false;

const modeWords = (mode: AuthMode | undefined) => (mode === undefined ? 'its mode' : `the mode ${mode}`);

const expected = (why: string): Judged => ({ judgement: 'expected', why });
const unexpected = (why: string): Judged => ({ judgement: 'unexpected', why });
const noted = (why: string): Judged => ({ judgement: 'noted', why });

const levelRemark = 'no verdict depends on it (level info)';

/** What sendmail answers in a session that was open before the login: from the map, or from what it remembers of it. */
const ofOpenSessions = /^pop-before-smtp\/(?:login-after-refusal|(?:login|expired)-in-open-session)$/u;

const remarkOnInfo = (id: string) =>
  ofOpenSessions.test(id) ? `${levelRemark}, and it is not the same in each run` : levelRemark;

function judgeOpening({ id, level, before, after }: Pair, sides: Sides): Judged {
  const result = after.result;
  const notHere = plannedReason(sides.after, id);
  if (result?.expected === 'deliver') {
    if (notHere === undefined) {
      return before.comparedOnly || droppedByMode(plannedReason(sides.before, id))
        ? expected(`${modeWords(sides.after.mode)} adds it`)
        : expected('it is meant to work, and did not before');
    }
    if (!droppedByMode(notHere)) {
      return unexpected(`by the configuration it should not: ${notHere}`);
    }
    return isBeyondMode(result, sides.after.mode)
      ? unexpected(`${modeWords(sides.after.mode)} does not have it`)
      : noted('it is anybody’s right, or earned in another way as well');
  }
  if (level === 'info') {
    return noted(remarkOnInfo(id));
  }
  // Some ask for a reply, and to be taken is the right one.
  if (result?.verdict === 'pass') {
    return expected('it is answered as it should be');
  }
  if (notHere !== undefined && droppedByMode(notHere) && meantInOtherModes.test(id)) {
    return expected(`${modeWords(sides.after.mode)} adds it`);
  }
  if (result?.verdict === 'waived') {
    return expected('a waiver accepts it for a time');
  }
  return unexpected(notHere === undefined ? 'it must be blocked' : 'it must be blocked in every mode');
}

function judgeClosing({ id, level, before, after }: Pair, sides: Sides): Judged {
  const notHere = plannedReason(sides.after, id);
  if (before.result && isEarnedElsewhere(before.result, sides.after.mode)) {
    return expected(`${modeWords(sides.after.mode)} drops it`);
  }
  if (level === 'info') {
    return noted(remarkOnInfo(id));
  }
  if (after.result?.expected === 'block') {
    if (droppedByMode(plannedReason(sides.before, id)) && meantInOtherModes.test(id)) {
      return expected(`${modeWords(sides.after.mode)} drops it`);
    }
    return expected('it must be blocked, and was not before');
  }
  if (droppedByMode(notHere)) {
    return expected(`${modeWords(sides.after.mode)} drops it`);
  }
  return unexpected(notHere === undefined ? 'it is meant to work' : notHere);
}

/** Judges a difference by the modes, declarations and waivers of both sides. */
export function judgeDifference(kind: DifferenceKind, pair: Pair, sides: Sides): Judged {
  switch (kind) {
    case 'newly-open':
    case 'newly-taken':
      return judgeOpening(pair, sides);
    case 'newly-blocked':
    case 'no-longer-taken':
      return judgeClosing(pair, sides);
    case 'still-open':
      return pair.level === 'must'
        ? unexpected(`${modeWords(sides.after.mode)} drops it`)
        : noted(`${modeWords(sides.after.mode)} drops it`);
    case 'unclear':
      return { judgement: 'unclear', why: pair.after.state === 'unclear' ? 'of AFTER' : 'of BEFORE' };
    default:
      return noted('');
  }
}
