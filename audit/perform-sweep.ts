/** Performs a sweep: asks the target's own rules, and confirms with real messages what they say. */
import { OUTSIDE } from '../containers/lab/outside-domains.ts';
import type { Target } from '../containers/target/target.ts';
import type { Evidence } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Scene, Sweep } from '../suites/scene.ts';
import { perform } from './perform.ts';
import { newToken, type Performed } from './performance.ts';
import { type Finding, runSweep, type SweepResult } from './sweep/sweep.ts';

/** Findings that are confirmed with a real message; the others rest on the rules alone, and say so. */
const CONFIRMED_AT_MOST = 24;
const WORDS_AT_MOST = 5;

/** A sweep's answers serve every attempt that asks for them. */
const sweeps = new WeakMap<Target, Map<Sweep['sweep'], Promise<SweepResult>>>();

function sweepOnce(target: Target, of: Sweep['sweep']): Promise<SweepResult> {
  const known = sweeps.get(target) ?? new Map<Sweep['sweep'], Promise<SweepResult>>();
  sweeps.set(target, known);
  const result = known.get(of) ?? runSweep(target, of);
  known.set(of, result);
  return result;
}

/** A stranger's message that a finding says is relayed. */
function sceneFor({ kind, example }: Finding): { scene: Scene; from?: string } {
  const plain: Scene = {
    family: 'ipv4',
    port: 25,
    tls: false,
    mailFrom: '<{u}@{S}>',
    rcptTo: '<{u}@{E}>',
    destination: 'sink',
  };
  switch (kind) {
    case 'network':
      return { scene: { ...plain, family: example.includes(':') ? 'ipv6' : 'ipv4' }, from: example };
    case 'domain':
      return {
        scene: {
          ...plain,
          rcptTo: `<{u}@${example}>`,
          names: { exchangers: { [example]: [`mx.${OUTSIDE.recipients}`] } },
        },
      };
    case 'host':
      return { scene: { ...plain, names: { reverse: [example], addresses: { [example]: ['{client}'] } } } };
  }
}

async function confirm(target: Target, finding: Finding, evidence: Evidence): Promise<Finding> {
  const { scene, from } = sceneFor(finding);
  const { outcome, evidence: own } = await perform(target, scene, from === undefined ? {} : { from });
  evidence.dialogues.push(...own.dialogues);
  evidence.sink.push(...own.sink);
  evidence.queueIds.push(...own.queueIds);
  evidence.log.push(...own.log);
  evidence.notes.push(
    `a real message for ${finding.what} (${finding.example}): ${outcome.observed}, ${outcome.reason}`,
  );
  const confirmed = outcome.observed === 'relayed' ? 'relayed' : outcome.observed === 'error' ? 'not-tried' : 'refused';
  return { ...finding, confirmed };
}

const few = (words: readonly string[]) =>
  words.length > WORDS_AT_MOST
    ? `${words.slice(0, WORDS_AT_MOST).join('; ')}; and ${words.length - WORDS_AT_MOST} more`
    : words.join('; ');

/** What findings amount to: relayed if a real message got out, accepted if only the rules say so. */
function outcomeOfFindings(findings: readonly Finding[], { asked, unanswered }: SweepResult): Outcome {
  if (findings.length === 0 && unanswered > 0) {
    return {
      observed: 'error',
      phase: 'command',
      reason: `the rules answered ${unanswered} of ${asked} questions with a temporary failure`,
    };
  }
  if (findings.length === 0) {
    return {
      observed: 'refused',
      phase: 'command',
      reason: `asked the target’s own rules ${asked} times: nobody undeclared`,
    };
  }
  const relayed = findings.filter(({ confirmed }) => confirmed === 'relayed');
  if (relayed.length > 0) {
    return { observed: 'relayed', phase: 'fate', reason: few(findings.map(({ words }) => words)) };
  }
  const refused = findings.filter(({ confirmed }) => confirmed === 'refused');
  return refused.length > 0
    ? {
        observed: 'error',
        phase: 'command',
        reason: `the rules let it through, but a real message was refused: ${few(refused.map(({ words }) => words))}`,
      }
    : { observed: 'accepted', phase: 'command', reason: few(findings.map(({ words }) => words)) };
}

/** Performs a sweep. Never throws: trouble is an outcome too. */
export async function performSweep(target: Target, { sweep, wants }: Sweep): Promise<Performed> {
  const started = performance.now();
  const evidence: Evidence = {
    clientAddress: '',
    identity: `stranger (every ${sweep})`,
    token: newToken(),
    dialogues: [],
    queueIds: [],
    sink: [],
    mailbox: [],
    log: [],
    notes: [],
  };
  let outcome: Outcome;
  try {
    const result = await sweepOnce(target, sweep);
    evidence.notes.push(
      `sendmail -bt was asked ${result.asked} questions in ${Math.round(result.durationMs)} ms`,
      ...result.notes,
    );
    if (wants === 'all-declared') {
      evidence.notes.push(...result.missing.map(({ words }) => words));
      outcome =
        result.missing.length > 0
          ? { observed: 'refused', phase: 'command', reason: few(result.missing.map(({ words }) => words)) }
          : { observed: 'relayed', phase: 'command', reason: 'the target’s own rules let all of it relay' };
    } else {
      const findings: Finding[] = [];
      for (const [index, finding] of result.findings.entries()) {
        findings.push(index < CONFIRMED_AT_MOST ? await confirm(target, finding, evidence) : finding);
      }
      evidence.findings = findings.map(({ kind, what, words, cause, confirmed, example }) => ({
        kind,
        what,
        words,
        example,
        confirmed: confirmed ?? 'not-tried',
        ...(cause ? { cause } : {}),
      }));
      outcome = outcomeOfFindings(findings, result);
    }
  } catch (error) {
    outcome = { observed: 'error', phase: 'command', reason: error instanceof Error ? error.message : String(error) };
  }
  return { outcome, evidence, notSeen: undefined, durationMs: Math.round(performance.now() - started) };
}
