/** How a comparison says things: every value has a glyph and a word. */
import type { Mark } from '../words.ts';
import { count, phaseWord, verdictMark } from '../words.ts';
import type {
  Comparison,
  Difference,
  DifferenceJudgement,
  DifferenceKind,
  Listed,
  OtherAnswer,
  Side,
  Statement,
} from './model.ts';

const mark = (glyph: string, word: string, tone: Mark['tone']): Mark => ({ glyph, word, tone });

export const kindWord: Record<DifferenceKind, string> = {
  'newly-open': 'newly open',
  'still-open': 'still open',
  'newly-blocked': 'newly blocked',
  'newly-taken': 'newly taken',
  'no-longer-taken': 'no longer taken',
  'other-verdict': 'another verdict',
  'only-before': 'tried on BEFORE alone',
  'only-after': 'tried on AFTER alone',
  unclear: 'cannot be told',
};

/** What a kind means, for those who read a list of them. */
export const kindMeaning: Record<DifferenceKind, string> = {
  'newly-open': 'BEFORE blocked it, AFTER lets the message through',
  'still-open': 'both let the message through, and AFTER’s mode has dropped what it is sent by',
  'newly-blocked': 'BEFORE let the message through, AFTER blocks it',
  'newly-taken': 'AFTER takes a command that BEFORE refused; no message was asked for',
  'no-longer-taken': 'AFTER refuses a command that BEFORE took; no message was asked for',
  'other-verdict': 'both do the same, and it is judged otherwise',
  'only-before': 'it does not apply to AFTER, or cannot be tried there',
  'only-after': 'it does not apply to BEFORE, or cannot be tried there',
  unclear: 'inconclusive on a side: it may differ or not',
};

const judgementMark: Record<DifferenceJudgement, Mark> = {
  expected: mark('✓', 'expected', 'good'),
  unexpected: mark('✗', 'unexpected', 'bad'),
  noted: mark('–', 'noted', 'quiet'),
  unclear: mark('?', 'cannot be told', 'unclear'),
};

export function differenceMark({ kind, judgement }: Difference): Mark {
  const { glyph, tone } = judgementMark[judgement];
  const word = kindWord[kind];
  if (judgement === 'unexpected' && kind !== 'newly-open' && kind !== 'still-open') {
    // A loss wants attention, and is no hole.
    return mark('!', `${word}, unexpected`, 'warning');
  }
  return mark(glyph, judgement === 'expected' || judgement === 'unexpected' ? `${word}, ${judgement}` : word, tone);
}

const statementWord = {
  gained: 'gained',
  lost: 'lost',
  same: 'same',
  unclear: 'cannot be told',
  'not-tried': 'not tried',
};

export function statementMark({ change, judgement, before }: Statement): Mark {
  if (change === 'same' && judgement === 'unexpected') return mark('✗', 'still open, unexpected', 'bad');
  if (change === 'same') return mark('=', before === 'blocked' ? 'blocked' : 'works', 'quiet');
  if (change === 'unclear') return mark('?', statementWord.unclear, 'unclear');
  if (change === 'not-tried') return mark('–', statementWord['not-tried'], 'quiet');
  const word = statementWord[change];
  if (judgement === 'unexpected') {
    return change === 'gained' ? mark('✗', `${word}, unexpected`, 'bad') : mark('!', `${word}, unexpected`, 'warning');
  }
  const said = judgement === 'expected' ? `${word}, expected` : word;
  // Who loses something must hear of it, expected or not.
  return change === 'gained' ? mark('+', said, 'good') : mark('−', said, 'warning');
}

export const verdictOf = ({ verdict, infoOnly }: Comparison): Mark => {
  if (verdict === 'compliant' && infoOnly) return mark('–', 'nothing decided', 'quiet');
  const { glyph, tone } = verdictMark[verdict];
  const word = { compliant: 'safe to change', 'non-compliant': 'not safe to change', inconclusive: 'inconclusive' }[
    verdict
  ];
  return mark(glyph, word, tone);
};

/** What is to be read first: a change, or that something should have changed and did not. */
export const isChange = ({ change, judgement }: Statement): boolean => change !== 'same' || judgement === 'unexpected';

/**
 * What stays, short: mail programs that go on as before are counted, since there are many of them, and somebody who
 * plans a change looks for the others.
 */
export function stays(statements: readonly Statement[]): { counted: string | undefined; said: Statement[] } {
  const same = statements.filter((one) => !isChange(one));
  const programs = same.filter(({ group }) => group === 'mail-clients');
  const ways = (list: readonly Statement[]) => list.reduce((sum, { attempts }) => sum + attempts.length, 0);
  const sending = programs.filter(({ before }) => before === 'through');
  return {
    said: same.filter(({ group }) => group !== 'mail-clients'),
    counted:
      programs.length === 0
        ? undefined
        : `Mail programs, ${count(ways(programs), 'way')} to set them up: ${ways(sending)} could send and still can, ${ways(programs) - ways(sending)} could not, as before`,
  };
}

/** Who loses what, in a few words. */
function lossesOf({ statements, differences }: Comparison): string {
  const lost = statements.filter(({ change }) => change === 'lost');
  const unexpected = lost.filter(({ judgement }) => judgement === 'unexpected').length;
  if (lost.length > 0) {
    const how =
      unexpected > 0
        ? `, ${unexpected.toLocaleString('en-US')} of them unexpected`
        : lost.every(({ judgement }) => judgement === 'expected')
          ? ', expected'
          : '';
    return `${count(lost.length, 'loss', 'losses')}${how}`;
  }
  const blocked = differences.filter(({ kind, judgement }) => kind === 'newly-blocked' && judgement !== 'noted').length;
  return blocked === 0 ? 'nobody who was asked about loses anything' : `${count(blocked, 'attempt')} newly blocked`;
}

function whatIsWrong({ differences, after }: Comparison): string {
  const of = (wanted: DifferenceKind) =>
    differences.filter(({ kind, judgement }) => kind === wanted && judgement === 'unexpected').length;
  const [opened, kept] = [of('newly-open'), of('still-open')];
  const parts = [
    opened > 0 ? `AFTER lets through what BEFORE blocked (${count(opened, 'attempt')})` : '',
    kept > 0 ? `it still lets through what its mode drops (${count(kept, 'attempt')})` : '',
    opened + kept === 0 ? `AFTER is ${verdictMark[after.verdict].word} in its own mode` : '',
  ];
  return parts.filter((part) => part !== '').join(', and ');
}

/** What the verdict means, as a sentence that can stand alone. */
export function comparisonConclusion(comparison: Comparison): string {
  const { verdict, after, infoOnly } = comparison;
  switch (verdict) {
    case 'compliant':
      if (infoOnly) {
        return `As far as this goes: all that was tried is of level info, which decides nothing; ${lossesOf(comparison)}.`;
      }
      return `AFTER is compliant in its mode (${after.mode ?? 'not known'}), and lets nothing through that BEFORE blocked but what it is meant to; ${lossesOf(comparison)}.`;
    case 'non-compliant':
      return `Not safe: ${whatIsWrong(comparison)}; ${lossesOf(comparison)}.`;
    case 'inconclusive':
      return 'Inconclusive: this comparison proves nothing, and must not be taken for a pass.';
  }
}

/** `3 newly open, 1 another reply`: how many differences of each kind. */
export function countsOf({ differences, answers, same, notTried, onlyIn }: Comparison): string[] {
  const kinds = Object.keys(kindWord) as DifferenceKind[];
  const counted = kinds.flatMap((kind) => {
    const all = differences.filter((one) => one.kind === kind);
    const wrong = all.filter(({ judgement }) => judgement === 'unexpected').length;
    return all.length === 0
      ? []
      : [`${all.length.toLocaleString('en-US')} ${kindWord[kind]}${wrong > 0 ? ` (${wrong} unexpected)` : ''}`];
  });
  const reworded = answers.reduce((sum, { attempts }) => sum + attempts.length, 0);
  return [
    ...counted,
    ...(reworded > 0 ? [`${reworded.toLocaleString('en-US')} answered otherwise`] : []),
    `${count(same, 'attempt')} the same`,
    ...(notTried > 0 ? [`${count(notTried, 'attempt')} for neither`] : []),
    ...(onlyIn.before > 0 ? [`${count(onlyIn.before, 'attempt')} part of BEFORE’s run alone`] : []),
    ...(onlyIn.after > 0 ? [`${count(onlyIn.after, 'attempt')} part of AFTER’s run alone`] : []),
  ];
}

export const sideWord = ({ mode, verdict }: Side): string =>
  `mode ${mode ?? 'not known'}, ${verdictMark[verdict].word}`;

/** `at RCPT, “550 5.7.1 … Relaying denied”`. */
export function answerWords({ phase, reply }: OtherAnswer['before']): string {
  const where = phase === undefined ? '' : phaseWord[phase];
  const words = reply === undefined ? (where === '' ? 'no reply' : '') : `“${reply}”`;
  return [where, words].filter((part) => part !== '').join(', ');
}

/** Lists that are known of both sides and the same, with what is in them. */
export const alike = (lists: readonly Listed[]): string[] =>
  lists
    .filter(({ before, after, gained, lost }) => before && after && gained.length + lost.length === 0)
    .map(({ title, after = [] }) => `${title}: ${after.length === 0 ? 'none' : after.join(', ')}`);

/** Lists that differ, or could not be compared although one side has something. */
export const worthNaming = (lists: readonly Listed[]): Listed[] =>
  lists.filter(({ before, after, gained, lost }) => {
    const unknown = before === undefined || after === undefined;
    return gained.length + lost.length > 0 || (unknown && (before ?? after ?? []).length > 0);
  });

/** What a list gained, lost or has on one side alone; nothing for one that is the same. */
export function listedParts({ before, after, gained, lost }: Listed): { mark: '+' | '−' | '?'; items: string[] }[] {
  if (before === undefined || after === undefined) {
    return [{ mark: '?', items: before ?? after ?? [] }];
  }
  return [
    ...(gained.length > 0 ? [{ mark: '+' as const, items: gained }] : []),
    ...(lost.length > 0 ? [{ mark: '−' as const, items: lost }] : []),
  ];
}

export const whoWasAsked = ({ before, after }: Listed): string =>
  before === undefined && after === undefined
    ? 'not asked on either side'
    : before === undefined
      ? 'BEFORE was not asked, or its answer is inconclusive'
      : after === undefined
        ? 'AFTER was not asked, or its answer is inconclusive'
        : '';
