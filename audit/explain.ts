/** Why a target answered an attempt as it did: sendmail's own rule trace for the attempt's envelope. */
import { type Call, decisionOf, rulesIn } from '../containers/target/rule-trace.ts';
import { canBeAsked, type EnvelopeQuestion, RuleTracer } from '../containers/target/rule-tracer.ts';
import type { Target } from '../containers/target/target.ts';
import type { AttemptResult, Cause } from '../reports/model.ts';
import type { Attempt } from '../suites/attempt.ts';
import { isSweep } from '../suites/scene.ts';
import { lineBehind, ruleOf } from './causes/decision.ts';
import { questionOf } from './causes/envelope.ts';

/** The rule that answered. */
export type Decided = {
  ruleset: string;
  accepted: boolean;
  /** No rule answered, which sendmail takes for a yes. */
  exhausted?: true;
  /** The rule in the compiled sendmail.cf. */
  rule?: { line: number; text: string };
  lookup?: { map: string; key: string; value?: string };
  /** The subject's own line behind it; without one, a macro of m4 made the rule. */
  from?: Cause;
};

/** Trace and decision, or why there is none. */
export type RuleTrace =
  | {
      ruleset: string;
      address: string;
      client: { address: string; name: string; resolve: string };
      /** Set by hand: what the session had learnt of the client. */
      macros: Record<string, string>;
      trace: Call;
      decided?: Decided;
    }
  | { none: string };

export type Explanation = { attempt: Attempt; result: AttemptResult; rules: RuleTrace };

/** Replies that check_rcpt has no part in. */
function whyNone({ attempt, result }: { attempt: Attempt; result: AttemptResult }): string {
  if (isSweep(attempt.scene)) {
    return 'A sweep asks the rules about many envelopes: its findings say which lines answered.';
  }
  return result.phase === 'starttls' ||
    result.phase === 'auth' ||
    result.phase === 'greeting' ||
    result.phase === 'connect'
    ? `It was decided ${result.phase === 'auth' ? 'at AUTH' : `in the phase “${result.phase}”`}, which is no matter of the rules: there is no trace, only the session.`
    : 'No session came as far as a sender or a recipient: there is nothing to ask the rules.';
}

/** Whether the rules' part can be shown, and what to ask. */
function questionFor(target: Target, attempt: Attempt, result: AttemptResult): EnvelopeQuestion | { none: string } {
  if (isSweep(attempt.scene) || !result.evidence) {
    return { none: whyNone({ attempt, result }) };
  }
  const question = questionOf(result, result.evidence, attempt.scene, target.facts.listeners);
  if (!question) {
    return { none: whyNone({ attempt, result }) };
  }
  return canBeAsked(question)
    ? question
    : { none: 'The envelope has octets that sendmail’s test mode cannot be given: there is no trace.' };
}

/** Traces attempts that were performed; in one process. */
export async function explainResults(
  target: Target,
  performed: readonly { attempt: Attempt; result: AttemptResult }[],
): Promise<Explanation[]> {
  const tracer = new RuleTracer(target.shell);
  const rules = rulesIn(await tracer.configuration());
  const questions = performed.map(({ attempt, result }) => questionFor(target, attempt, result));
  const asked = questions.filter((question): question is EnvelopeQuestion => !('none' in question));
  const traces = await tracer.trace(asked);
  return performed.map(({ attempt, result }, index): Explanation => {
    const question = questions[index];
    if (!question || 'none' in question) {
      return { attempt, result, rules: question ?? { none: whyNone({ attempt, result }) } };
    }
    const trace = traces[asked.indexOf(question)];
    if (!trace) {
      const none = `The configuration has no ruleset ${question.ruleset}: sendmail takes every address.`;
      return { attempt, result, rules: { none } };
    }
    const { clientAddress, clientName, clientResolve } = question.question;
    const decided = decide(trace, rules, target);
    return {
      attempt,
      result,
      rules: {
        ruleset: question.ruleset,
        address: question.address,
        client: { address: clientAddress, name: clientName, resolve: clientResolve },
        macros: { ...question.macros },
        trace,
        ...(decided ? { decided } : {}),
      },
    };
  });
}

function decide(trace: Call, rules: ReturnType<typeof rulesIn>, target: Target): Decided | undefined {
  const decision = decisionOf(trace);
  if (!decision) {
    return undefined;
  }
  const rule = ruleOf(rules, decision);
  const { configuration, facts } = target;
  const from = lineBehind(decision, rule, configuration.files, facts);
  const { ruleset, accepted, lookup } = decision;
  return {
    ruleset,
    accepted,
    ...(decision.exhausted ? { exhausted: true as const } : {}),
    ...(rule ? { rule } : {}),
    ...(lookup ? { lookup } : {}),
    ...(from === 'generated' ? {} : { from }),
  };
}
