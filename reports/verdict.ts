/** From what was observed to verdicts. Pure functions: the rules of the harness stand here, and nowhere else. */
import type {
  AttemptResult,
  AttemptVerdict,
  ConfigurationVerdict,
  Expectation,
  Level,
  Observation,
  Phase,
  Role,
  RunVerdict,
} from './model.ts';

/** What an attempt's dialogue, log and sink amount to. */
export type Outcome = {
  observed: Observation;
  phase: Phase;
  reason: string;
  /** The enhanced status code of the reply that decided, if there was one (RFC 3463). */
  enhanced?: string;
  /** The code of that reply. */
  code?: number;
  /** For `accepted`: whether log and queue account for the message's end. */
  fateKnown?: boolean;
};

export type Rules = {
  expected: Expectation;
  refusedIn: readonly Phase[];
  rejectedWith?: readonly string[];
  /** Temporary refusals that are the right answer, by their code: elsewhere 4xx is no block. */
  deferredWith?: readonly number[];
  /** The only right replies, where the attempt is about a reply. */
  answer?: { codes: readonly number[]; enhanced?: readonly string[] };
  destination: 'sink' | 'mailbox';
};

export type Judgement = { verdict: Extract<AttemptVerdict, 'pass' | 'fail' | 'inconclusive'>; reason: string };

/** RFC 3463: the recipient's address is what is wrong; for a relay form that is a block as good as any. */
const recipientIsWrong = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);

const inconclusive = (reason: string): Judgement => ({ verdict: 'inconclusive', reason });

/** Judges a reply by what it should have been; undefined where nothing was replied. */
function judgeAnswer({ codes, enhanced }: NonNullable<Rules['answer']>, outcome: Outcome): Judgement {
  const { code, reason } = outcome;
  if (outcome.observed === 'relayed') {
    return { verdict: 'fail', reason };
  }
  if (code === undefined || outcome.observed === 'error') {
    return inconclusive(reason);
  }
  if (codes.includes(code) && (enhanced === undefined || enhanced.includes(outcome.enhanced ?? ''))) {
    return { verdict: 'pass', reason };
  }
  // A passing trouble is not the server's answer to this.
  if (code >= 400 && code < 500) {
    return inconclusive(`a temporary refusal: ${reason}`);
  }
  const due = [codes.join(' or '), enhanced?.join(' or ')].filter(Boolean).join(' ');
  return { verdict: 'fail', reason: `answered ${reason}, where ${due} is due` };
}

function judgeBlock(rules: Rules, outcome: Outcome): Judgement {
  const { observed, phase, reason, enhanced } = outcome;
  switch (observed) {
    case 'relayed':
      return { verdict: 'fail', reason };
    case 'delivered':
      return rules.destination === 'mailbox' ? { verdict: 'fail', reason } : { verdict: 'pass', reason };
    case 'refused':
      return rules.refusedIn.includes(phase)
        ? { verdict: 'pass', reason }
        : inconclusive(`refused before it came to that (${phase}): ${reason}`);
    case 'rejected': {
      const expected =
        rules.rejectedWith?.some((code) => code === 'any' || code === (enhanced ?? '')) ||
        (phase === 'rcpt' && recipientIsWrong.has(enhanced ?? ''));
      return expected && rules.refusedIn.includes(phase)
        ? { verdict: 'pass', reason }
        : inconclusive(`rejected for another reason than relaying (${phase}): ${reason}`);
    }
    case 'accepted':
      // The reply itself is what must not be given.
      if ((phase === 'auth' || phase === 'command' || phase === 'starttls') && rules.refusedIn.includes(phase)) {
        return { verdict: 'fail', reason };
      }
      // A message for a mailbox had to be refused in the session; taking it and sending it back is not that.
      if (rules.destination === 'mailbox' && outcome.fateKnown) {
        return { verdict: 'fail', reason };
      }
      return outcome.fateKnown
        ? { verdict: 'pass', reason }
        : inconclusive(`accepted, and its fate is not known: ${reason}`);
    case 'deferred':
      return rules.deferredWith?.includes(outcome.code ?? 0)
        ? { verdict: 'pass', reason }
        : inconclusive(`deferred, which is no block: ${reason}`);
    default:
      return inconclusive(reason);
  }
}

function judgeDeliver(rules: Rules, outcome: Outcome): Judgement {
  const { observed, reason } = outcome;
  const wanted: Observation = rules.destination === 'sink' ? 'relayed' : 'delivered';
  switch (observed) {
    case wanted:
      return { verdict: 'pass', reason };
    case 'relayed':
    case 'delivered':
    case 'refused':
    case 'rejected':
      return { verdict: 'fail', reason };
    case 'accepted':
      return outcome.fateKnown
        ? { verdict: 'fail', reason }
        : inconclusive(`accepted, and its fate is not known: ${reason}`);
    case 'deferred':
      return inconclusive(`deferred, which is neither yes nor no: ${reason}`);
    default:
      return inconclusive(reason);
  }
}

function judgeOutcome(rules: Rules, outcome: Outcome): Judgement {
  if (rules.answer) {
    return judgeAnswer(rules.answer, outcome);
  }
  return rules.expected === 'block' ? judgeBlock(rules, outcome) : judgeDeliver(rules, outcome);
}

/** How the reason of a block on a dead path begins. */
const PROVES_NOTHING = 'blocked, but that proves nothing';

/**
 * Judges one attempt. A block counts only if the path was alive around it (`pathAlive`: undefined if it was, else why
 * not) and the target's log shows the session (`seen`): a dead path blocks everything.
 */
export function judgeAttempt(
  rules: Rules,
  outcome: Outcome,
  around: { pathDead: string | undefined; notSeen: string | undefined },
): Judgement {
  const judgement = judgeOutcome(rules, outcome);
  // The target took the message and could not hand it on: its fault only if others got through at the same time.
  if (
    judgement.verdict === 'fail' &&
    rules.destination === 'sink' &&
    outcome.observed === 'accepted' &&
    outcome.phase === 'fate' &&
    around.pathDead !== undefined
  ) {
    return inconclusive(`${around.pathDead}; otherwise: ${judgement.reason}`);
  }
  if (judgement.verdict === 'pass' && around.notSeen !== undefined) {
    return inconclusive(`${around.notSeen}; otherwise: ${judgement.reason}`);
  }
  if (judgement.verdict === 'pass' && rules.expected === 'block' && around.pathDead !== undefined) {
    return inconclusive(`${PROVES_NOTHING}: ${around.pathDead}; otherwise: ${judgement.reason}`);
  }
  return judgement;
}

/** A result that was expected and is not there. */
export function missingResult(id: string, suite: string, expected: Expectation, why: string): AttemptResult {
  return { id, suite, expected, observed: 'none', verdict: 'inconclusive', reason: why, durationMs: 0 };
}

export type ConfigurationJudgement = { verdict: ConfigurationVerdict; reasons: string[] };

const MOST_NAMED = 5;

/** The first few by name, and how many more there are. */
function namesOf(results: readonly AttemptResult[]): string {
  const named = results.slice(0, MOST_NAMED).map((result) => result.id);
  const more = results.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Judges a reference or a subject from its complete set of results. */
export function judgeConfiguration(
  results: readonly AttemptResult[],
  levelOf: (id: string) => Level,
  error: string | undefined,
): ConfigurationJudgement {
  if (error !== undefined) {
    return { verdict: 'inconclusive', reasons: [error] };
  }
  const violations = results.filter((result) => result.verdict === 'fail' && levelOf(result.id) === 'must');
  const open = results.filter((result) => result.verdict === 'inconclusive' && levelOf(result.id) !== 'info');
  const warnings = results.filter((result) => result.verdict === 'fail' && levelOf(result.id) === 'should');
  const conclusive = results.filter((result) => ['pass', 'fail', 'waived'].includes(result.verdict));
  const reasons: string[] = [];
  if (violations.length > 0) {
    reasons.push(`${count(violations.length, 'violation')}: ${namesOf(violations)}`);
  }
  if (open.length > 0) {
    reasons.push(`${count(open.length, 'attempt')} inconclusive; the first, ${open[0]?.id}: ${open[0]?.reason}`);
  }
  if (warnings.length > 0) {
    reasons.push(`${count(warnings.length, 'warning')}: ${namesOf(warnings)}`);
  }
  if (violations.length > 0) {
    return { verdict: 'non-compliant', reasons };
  }
  if (conclusive.length === 0) {
    return { verdict: 'inconclusive', reasons: [...reasons, 'nothing was tried'] };
  }
  return { verdict: open.length > 0 ? 'inconclusive' : 'compliant', reasons };
}

/** Ids of attempts, and patterns that mean none. */
export type ControlRules = {
  detectedBy: readonly string[];
  mustPass: readonly string[];
  unmatched: readonly string[];
};

type ResultInBrief = Pick<AttemptResult, 'id' | 'expected' | 'verdict' | 'reason'>;

/**
 * Whether a result shows no other fault of a control than its own: it passed, or does not apply, or is a block where the
 * control's own fault is that legitimate mail does not get through, by which every block proves nothing.
 */
export function showsNoOtherFault(
  result: ResultInBrief,
  results: readonly ResultInBrief[],
  detectedBy: readonly string[],
): boolean {
  return (
    ['pass', 'not-applicable'].includes(result.verdict) ||
    (result.verdict === 'inconclusive' &&
      result.reason.startsWith(PROVES_NOTHING) &&
      results.some(
        ({ id, expected, verdict }) => detectedBy.includes(id) && expected === 'deliver' && verdict === 'fail',
      ))
  );
}

/**
 * Judges a control: every attempt that must flag it has to, and there must be one; what must not flag it must pass
 * (`mustPass`), or else it has another fault than its own, and is flagged by accident.
 */
export function judgeControl(
  results: readonly AttemptResult[],
  { detectedBy, mustPass, unmatched }: ControlRules,
  error: string | undefined,
): ConfigurationJudgement {
  const reasons: string[] = error === undefined ? [] : [error];
  for (const pattern of unmatched) {
    reasons.push(`no attempt of the catalogue is named ${pattern}, which must flag this control`);
  }
  for (const id of detectedBy) {
    const result = results.find((one) => one.id === id);
    if (result?.verdict !== 'fail') {
      reasons.push(`${id} did not flag it: ${result ? `${result.verdict}, ${result.reason}` : 'no result'}`);
    }
  }
  for (const id of mustPass) {
    const result = results.find((one) => one.id === id);
    if (!result || !showsNoOtherFault(result, results, detectedBy)) {
      reasons.push(`${id} must pass on it: ${result ? `${result.verdict}, ${result.reason}` : 'no result'}`);
    }
  }
  if (detectedBy.length === 0) {
    reasons.push('no attempt looked for its fault');
  }
  return { verdict: reasons.length === 0 ? 'detected' : 'missed', reasons };
}

/** Judges the run from its configurations and from what happened to the run itself (`troubles`). */
export function judgeRun(
  configurations: readonly { name: string; role: Role; verdict: ConfigurationVerdict; reasons: readonly string[] }[],
  troubles: readonly string[],
  interrupted = false,
): { verdict: RunVerdict; reasons: string[] } {
  const reasons = [...troubles];
  const missed = configurations.filter((one) => one.verdict === 'missed');
  const bad = configurations.filter((one) => one.verdict === 'non-compliant');
  const open = configurations.filter((one) => one.verdict === 'inconclusive');
  for (const one of missed) {
    reasons.push(`control ${one.name} was missed: ${one.reasons.join('; ')}`);
  }
  for (const one of [...bad, ...open]) {
    reasons.push(`${one.name} is ${one.verdict}: ${one.reasons.join('; ')}`);
  }
  if (configurations.length === 0) {
    reasons.push('nothing was run');
  }
  // A run that misses a control, or that did not do all it set out to, proves nothing good. Violations stay proven.
  if (missed.length > 0 || interrupted) {
    return { verdict: 'inconclusive', reasons };
  }
  if (bad.length > 0) {
    return { verdict: 'non-compliant', reasons };
  }
  return { verdict: reasons.length > 0 ? 'inconclusive' : 'compliant', reasons };
}
