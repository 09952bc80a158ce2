/** The results of a SARIF run: what an auditor has to look at, the worst first. */
import { createHash } from 'node:crypto';
import type { Location, Result, Suppression } from 'sarif';
import { sarifBaselineState } from '../baseline.ts';
import { causeText, certaintyWord, placeOf } from '../cause.ts';
import type { Finding, Findings } from '../findings.ts';
import type { Report } from '../model.ts';
import { visible } from '../visible.ts';
import { expectationWord, observationWord } from '../words.ts';
import { fallbackOf, lineOf } from './locations.ts';
import { messageOf, plainText, sentence } from './message.ts';
import { levelOf } from './rules.ts';

/** GitHub’s code scanning refuses a run with more, and shows the worst 5,000 of them. */
export const MOST_RESULTS = 25_000;
/** So many locations of a result it shows. */
const MOST_RELATED = 100;

/** The same finding in another run has the same one: line numbers move, the line itself does not. */
function fingerprintOf({ configuration, attempt }: Finding): string {
  const { cause } = attempt;
  const parts = [attempt.id, configuration.name, cause === undefined ? '' : `${cause.file}\n${causeText(cause)}`];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function messageFor({ configuration, attempt, description, level }: Finding): Result['message'] {
  const { verdict, cause, expected, observed, reason } = attempt;
  const what = description?.title ?? attempt.id;
  const inShort =
    verdict === 'inconclusive'
      ? `${what}: it could not be told whether it is ${expectationWord[expected]}`
      : `${what}: must be ${expectationWord[expected]}, ${observationWord[observed]}`;
  const sentences = [
    inShort,
    `Configuration ${visible(configuration.name, 300)}`,
    reason,
    ...(cause === undefined
      ? []
      : [`Cause: ${placeOf(cause)}: ${causeText(cause)} (${certaintyWord[cause.certainty]})`]),
    ...(verdict === 'fail' && level !== 'must' ? [`It is at level ${level}, and decides no verdict`] : []),
  ];
  return { text: sentences.map((one) => plainText(sentence(one))).join(' ') };
}

/** The lines behind the networks, hosts and domains that a sweep found. */
function relatedTo({ configuration, attempt, at }: Finding): Location[] {
  return (attempt.evidence?.findings ?? [])
    .flatMap(({ cause, words, confirmed }) =>
      cause === undefined
        ? []
        : [
            {
              ...lineOf(cause, configuration, at.configuration),
              message: messageOf(`${words} (a real message: ${confirmed})`),
            },
          ],
    )
    .slice(0, MOST_RELATED)
    .map((location, index) => ({ id: index + 1, ...location }));
}

/** The waiver stands in relayproof.yaml, beside the configuration and not in it: external (SARIF 2.1.0, 3.35.2). */
function suppressionsOf({ configuration, attempt }: Finding): Suppression[] {
  const waivers = configuration.waivers.filter(
    ({ state, attempts }) => state === 'in-use' && attempts.includes(attempt.id),
  );
  const justified = waivers.map(({ reason, expires }) => `${reason} (until ${expires})`);
  return (justified.length > 0 ? justified : [attempt.reason]).map((justification) => ({
    kind: 'external' as const,
    justification: visible(justification, 1000),
  }));
}

type State = ReturnType<typeof sarifBaselineState>;

/**
 * An inconclusive attempt is `open`: it was evaluated, and there is not enough to decide (3.27.9); its level is then
 * `none` (3.27.10). Passes and what does not apply are left out: GitHub’s code scanning reads no `kind`, and would show
 * them as alerts.
 */
function resultOf(finding: Finding, ruleIndex: number, baselineState: State): Result {
  const { configuration, attempt, level, at } = finding;
  const open = attempt.verdict === 'inconclusive';
  const { cause } = attempt;
  const fingerprint = fingerprintOf(finding);
  const related = relatedTo(finding);
  return {
    ruleId: visible(attempt.id, 300),
    ruleIndex,
    kind: open ? 'open' : 'fail',
    level: open ? 'none' : levelOf[level],
    ...(baselineState === undefined ? {} : { baselineState }),
    message: messageFor(finding),
    locations: [
      cause === undefined
        ? fallbackOf(configuration, at.configuration)
        : lineOf(cause, configuration, at.configuration),
    ],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(attempt.verdict === 'waived' ? { suppressions: suppressionsOf(finding) } : {}),
    partialFingerprints: {
      'relayproofFinding/v1': fingerprint,
      // The one that GitHub’s code scanning tells alerts apart by; without it, it is made from the line’s surroundings.
      primaryLocationLineHash: `${fingerprint}:1`,
    },
    properties: {
      configuration: visible(configuration.name, 300),
      role: configuration.role,
      verdict: attempt.verdict,
      expected: attempt.expected,
      observed: attempt.observed,
      ...(cause === undefined ? {} : { certainty: cause.certainty }),
    },
  };
}

/**
 * What is shown, in the order of its weight: where a reader cuts, the end is lost. That a mail program cannot send is left
 * out: it is nothing that a line of the configuration has to answer for.
 */
export function shownIn(found: Findings): Finding[] {
  const all = [...found.violations, ...found.inconclusive, ...found.warnings, ...found.noted, ...found.waived];
  return all.filter(({ description }) => description?.client === undefined);
}

/** The results; `indexOf` is the place of an attempt’s rule among the rules. */
export function resultsOf(report: Report, shown: readonly Finding[], indexOf: (id: string) => number): Result[] {
  return shown.map((finding) =>
    resultOf(finding, indexOf(finding.attempt.id), sarifBaselineState(report, finding.attempt)),
  );
}
