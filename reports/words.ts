/** How the report says things: every value has a glyph and a word, so that colour never carries a meaning alone. */
import type {
  AttemptVerdict,
  BaselineState,
  ConfigurationVerdict,
  Effect,
  Expectation,
  Level,
  Observation,
  Phase,
  Role,
  RunVerdict,
  WaiverState,
} from './model.ts';

/** What a mark means, for colouring: good, bad, cannot tell, worth a look, nothing to see. */
export type Tone = 'good' | 'bad' | 'unclear' | 'warning' | 'quiet';

/** A glyph and a word that say the same. */
export type Mark = { glyph: string; word: string; tone: Tone };

const good = (word: string): Mark => ({ glyph: '✓', word, tone: 'good' });
const bad = (word: string): Mark => ({ glyph: '✗', word, tone: 'bad' });
const unclear = (word: string): Mark => ({ glyph: '?', word, tone: 'unclear' });
const warning = (word: string): Mark => ({ glyph: '!', word, tone: 'warning' });
const quiet = (word: string, glyph = '–'): Mark => ({ glyph, word, tone: 'quiet' });

/** The mark of a waiver. */
export const waiverMark: Record<WaiverState, Mark> = {
  'in-use': quiet('in use', '○'),
  'not-needed': warning('not needed'),
  expired: bad('expired'),
  undecided: unclear('undecided'),
};

/** The mark of what became of a failed attempt since the baseline. */
export const baselineMark: Record<BaselineState, Mark> = {
  new: bad('new'),
  unchanged: quiet('known', '='),
  fixed: good('fixed'),
  undecided: unclear('cannot be told'),
};

/** The mark of an attempt's verdict. */
export const attemptMark: Record<AttemptVerdict, Mark> = {
  pass: good('pass'),
  fail: bad('fail'),
  inconclusive: unclear('inconclusive'),
  'not-applicable': quiet('not applicable'),
  waived: quiet('waived', '○'),
};

/** The mark of a configuration's or a run's verdict. */
export const verdictMark: Record<ConfigurationVerdict | RunVerdict, Mark> = {
  compliant: good('compliant'),
  'non-compliant': bad('not compliant'),
  inconclusive: unclear('inconclusive'),
  detected: good('detected'),
  missed: bad('MISSED'),
};

/** The mark of a failed attempt: only a `must` makes it a violation. */
export const failMark: Record<Level, Mark> = {
  must: bad('violation'),
  should: warning('warning'),
  info: quiet('noted', '!'),
};

/** The mark of a control's attempt that did what it is there for, or did not. */
export const flagMark = {
  flagged: good('flagged'),
  unflagged: bad('NOT flagged'),
  missing: bad('NOT run'),
} as const satisfies Record<string, Mark>;

/** The mark of a message around a batch that arrived. */
export const okMark = good('arrived');
/** The mark of one that did not. */
export const lostMark = bad('did not arrive');

/** What a failed attempt means. */
export const effectWord: Record<Effect, string> = {
  leak: 'leak: an unauthorised message gets out',
  'lock-out': 'lock-out: an authorised message does not get out',
  inbound: 'inbound: legitimate incoming mail is refused',
  weak: 'weak: protection is weaker than it should be',
};

/** What counts as a failure of the configuration. */
export const levelWord: Record<Level, string> = {
  must: 'must: decides the verdict',
  should: 'should: a warning',
  info: 'info: recorded, decides nothing',
};

export const expectationWord: Record<Expectation, string> = {
  block: 'blocked',
  deliver: 'delivered',
};

/** What happened, in the words of the report. */
export const observationWord: Record<Observation, string> = {
  refused: 'refused: relaying denied (5xx)',
  rejected: 'rejected for another reason (5xx)',
  deferred: 'deferred (4xx)',
  relayed: 'relayed: the sink received it',
  delivered: 'delivered to a local mailbox',
  accepted: 'accepted (250), see its fate',
  error: 'error in the session',
  none: 'nothing observed',
};

export const phaseWord: Record<Phase, string> = {
  connect: 'on connecting',
  greeting: 'at the greeting',
  starttls: 'at STARTTLS',
  pop: 'in the POP session',
  auth: 'at AUTH',
  command: 'at another command',
  mail: 'at MAIL',
  rcpt: 'at RCPT',
  data: 'at DATA',
  'end-of-data': 'at the end of data',
  fate: 'after acceptance',
};

export const roleWord: Record<Role, string> = {
  reference: 'reference',
  control: 'control',
  subject: 'subject',
};

/** A number with its noun: `1 violation`, `2,000 violations`. */
export function count(number: number, singular: string, plural: string = `${singular}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? singular : plural}`;
}

/** Milliseconds in a form that a person reads. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
