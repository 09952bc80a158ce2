/** Compares two configurations: a pure function of their results. */

import { decidesNothing } from '../conclusion.ts';
import type { AttemptDescription, ConfigurationResult, Report, RunVerdict } from '../model.ts';
import { count } from '../words.ts';
import { compareAttempts } from './differences.ts';
import { settingsOf, trustOf } from './listed.ts';
import {
  COMPARISON_VERSION,
  type Comparison,
  type Difference,
  type Listed,
  type Side,
  type SideOfAttempt,
  type State,
} from './model.ts';
import { resultsOf } from './state.ts';
import { statementsOf } from './statements.ts';

/** One side: a configuration of a report, and under which name and from where. */
export type CompareSide = { report: Report; configuration: ConfigurationResult; name: string; source: string };

export type CompareOptions = { version: string; command: readonly string[]; at: Date };

/** What a run says against itself besides the verdicts of its configurations: interrupted, a control missed. */
function troublesOf({ reasons, configurations }: Report): string[] {
  return reasons.filter((reason) => !configurations.some(({ name }) => reason.startsWith(`${name} is `)));
}

function sideOf({ report, configuration, name, source }: CompareSide): Side {
  const { role, mode, verdict, reasons, error, adaptations } = configuration;
  return {
    name,
    source,
    role,
    ...(mode === undefined ? {} : { mode }),
    verdict,
    reasons,
    sendmail: report.provenance.sendmail ?? 'not told',
    startedAt: report.provenance.startedAt,
    troubles: troublesOf(report),
    ...(error === undefined ? {} : { error }),
    adaptations,
  };
}

type Decision = { verdict: RunVerdict; exitStatus: number; reasons: string[] };

const MOST_NAMED = 5;

function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const namesOf = (differences: readonly Difference[]): string => someOf(differences.map(({ id }) => id));

type Describe = (id: string) => AttemptDescription | undefined;

type Ground = {
  describe: Describe;
  sides: [Side, Side];
  differences: readonly Difference[];
  trust: readonly Listed[];
  /** How many questions were asked of both sides. */
  compared: number;
  /** How many attempts of BEFORE's run AFTER's had not. */
  onlyBefore: number;
};

const DECLARED = ' (declared)';

const stateIn = (side: State | SideOfAttempt): State => (typeof side === 'string' ? side : side.state);

/** Whom AFTER trusts beyond its declarations, where BEFORE trusted others: a sweep that lets some through on both sides. */
function trustedMore(trust: readonly Listed[]): string[] {
  const undeclared = (items: readonly string[]) => items.filter((item) => !item.endsWith(DECLARED));
  return trust.flatMap(({ before, gained }) => (undeclared(before ?? []).length > 0 ? undeclared(gained) : []));
}

/** Whether all of a side's answers are worth nothing. */
const provesNothing = (configuration: ConfigurationResult): boolean =>
  configuration.error !== undefined ||
  ![...configuration.attempts, ...(configuration.comparedOnly ?? [])].some(({ verdict }) =>
    ['pass', 'fail', 'waived'].includes(verdict),
  );

/**
 * 0 if AFTER is compliant in its own mode and lets nothing through that BEFORE blocked, but for what its mode and
 * declarations add; 1 for a violation, an unexpected opening, or what is still
 * open though the mode drops it; else 2, or 78 where a side is not even a configuration
 * that starts. What cannot be told of BEFORE is said, and decides only where AFTER lets something through unexpectedly.
 */
function decide(
  before: CompareSide,
  after: CompareSide,
  { describe, sides, differences, trust, compared, onlyBefore }: Ground,
): Decision {
  const level = (id: string) => describe(id)?.level ?? 'must';
  const unexpected = differences.filter(({ judgement }) => judgement === 'unexpected');
  const opened = unexpected.filter(({ kind }) => kind === 'newly-open');
  const kept = unexpected.filter(({ kind }) => kind === 'still-open');
  const unclear = differences.filter(
    ({ id, kind, why }) => kind === 'unclear' && level(id) !== 'info' && (why !== 'of BEFORE' || undecided(after, id)),
  );
  const reasons: string[] = [];
  for (const [name, { configuration }] of [
    ['BEFORE', before],
    ['AFTER', after],
  ] as const) {
    if (configuration.error !== undefined) {
      reasons.push(`${name} did not start: ${configuration.error.message}`);
    } else if (provesNothing(configuration)) {
      reasons.push(`${name}: nothing was tried`);
    }
  }
  if (reasons.length === 0 && compared === 0) {
    reasons.push('no attempt was tried on both sides');
  }
  const broken = reasons.length > 0;
  const violating = after.configuration.verdict === 'non-compliant' || after.configuration.verdict === 'detected';
  const incomplete = after.configuration.verdict === 'inconclusive' || after.configuration.verdict === 'missed';
  if (violating || (incomplete && after.configuration.error === undefined)) {
    reasons.push(
      `AFTER is ${violating ? 'not compliant' : 'inconclusive'} in ${after.configuration.mode ? `its mode ${after.configuration.mode}` : 'its mode'}: ${after.configuration.reasons.join('; ')}`,
    );
  }
  if (opened.length > 0) {
    reasons.push(`AFTER lets through what BEFORE blocked: ${namesOf(opened)}`);
  }
  const more = trustedMore(trust);
  if (more.length > 0) {
    reasons.push(`AFTER relays with no credential for whom BEFORE did not: ${someOf(more)}`);
  }
  if (kept.length > 0) {
    reasons.push(`AFTER still lets through what its mode drops: ${namesOf(kept)}`);
  }
  if (unclear.length > 0) {
    reasons.push(`it cannot be told of ${count(unclear.length, 'attempt')} what changes: ${namesOf(unclear)}`);
  }
  if (!broken && onlyBefore > 0) {
    reasons.push(
      `AFTER was not asked ${count(onlyBefore, 'attempt')} of BEFORE’s run: audit both with the same --suite and --attempt, or name with them what both have`,
    );
  }
  const troubles = [...new Set(sides.flatMap((side) => side.troubles))];
  reasons.push(...troubles);
  // As for an audit: a run that did not do all it set out to proves nothing good or bad by what it lacks.
  const runProves = after.report.verdict !== 'inconclusive' || troubles.length === 0;
  const bad = violating || opened.length + kept.length + more.length > 0;
  if (bad && runProves) {
    return { verdict: 'non-compliant', exitStatus: 1, reasons };
  }
  if (broken || incomplete || onlyBefore > 0 || unclear.length > 0 || troubles.length > 0 || bad) {
    const notStarted = [before, after].some(
      ({ report, configuration }) => configuration.error !== undefined && report.exitStatus === 78,
    );
    return { verdict: 'inconclusive', exitStatus: notStarted ? 78 : 2, reasons };
  }
  return { verdict: 'compliant', exitStatus: 0, reasons };
}

/** Whether AFTER has let through what must be blocked, so that it matters what cannot be told of BEFORE. */
function undecided({ configuration }: CompareSide, id: string): boolean {
  const { planned, beside } = resultsOf(configuration, id);
  const result = beside ?? planned;
  return result?.expected === 'block' && result.verdict === 'fail';
}

/** The catalogues of both reports in one; AFTER's words count. */
function describer(before: Report, after: Report): Describe {
  const byId = new Map([...before.catalogue, ...after.catalogue].map((one) => [one.id, one]));
  return (id) => byId.get(id);
}

export function compare(before: CompareSide, after: CompareSide, { version, command, at }: CompareOptions): Comparison {
  const describe = describer(before.report, after.report);
  const { attempts, differences, answers, same, notTried, onlyIn } = compareAttempts(
    before.configuration,
    after.configuration,
    describe,
  );
  const tried = attempts.filter((one) => one.before.state !== 'not-tried' || one.after.state !== 'not-tried');
  const infoOnly = decidesNothing(tried.map(({ id }) => describe(id)));
  const modes = { before: before.configuration.mode ?? 'unknown', after: after.configuration.mode ?? 'unknown' };
  const statements = statementsOf(attempts, differences, modes);
  const sides: [Side, Side] = [sideOf(before), sideOf(after)];
  const trust = trustOf(before.configuration, after.configuration);
  // Each mode may have an attempt of its own for the same question.
  const asked = [...attempts, ...statements].filter(
    ({ before: one, after: other }) => stateIn(one) !== 'not-tried' && stateIn(other) !== 'not-tried',
  );
  const named = new Set([
    ...statements.flatMap((one) => one.attempts),
    ...differences.map(({ id }) => id),
    ...answers.flatMap(({ attempts: [first] }) => first ?? []),
  ]);
  return {
    comparisonVersion: COMPARISON_VERSION,
    ...decide(before, after, {
      describe,
      sides,
      differences,
      trust,
      compared: asked.length,
      onlyBefore: onlyIn.before,
    }),
    ...(infoOnly ? { infoOnly } : {}),
    provenance: { tool: 'relayproof', version, command: [...command], at: at.toISOString() },
    before: sides[0],
    after: sides[1],
    statements,
    trust,
    settings: settingsOf(before.configuration, after.configuration),
    differences,
    answers,
    same,
    notTried,
    onlyIn,
    attempts: attempts.filter(({ id }) => named.has(id)),
  };
}
