/** What is to be tried on what: the expected set, written down before anything runs. */
import picomatch from 'picomatch';
import type { Configuration } from '../containers/configurations/configuration.ts';
import type { Attempt, Suite } from '../suites/attempt.ts';
import { Failure } from './failure.ts';

export type Selection = {
  /** Patterns of suite names; none: all. */
  suites: readonly string[];
  /** Patterns of attempt ids and aliases; none: all. */
  attempts: readonly string[];
};

export type PlannedConfiguration = {
  configuration: Configuration;
  attempts: Attempt[];
  /** Ids of the attempts that must flag a control. */
  detectedBy: string[];
  /** Ids of the attempts that must not flag a control: it has one fault, and no other. */
  mustPass: string[];
  /** Patterns of a control that no attempt of the whole catalogue answers to. */
  unmatched: string[];
};

export type Plan = { suites: Suite[]; configurations: PlannedConfiguration[] };

/** Compiled patterns: every control's are held against every attempt. */
const compiled = new Map<string, (name: string) => boolean>();

/** `*` stands for anything, slashes included. */
export function matcher(pattern: string): (name: string) => boolean {
  const known = compiled.get(pattern);
  if (known) {
    return known;
  }
  const made = picomatch(pattern, { bash: true, dot: true, nonegate: true });
  compiled.set(pattern, made);
  return made;
}

const named = (attempt: Attempt) => [attempt.id, ...attempt.aliases];

/** Whether a pattern means an attempt, by its id or another of its names. */
export function means(pattern: string, attempt: Attempt): boolean {
  const matches = matcher(pattern);
  return named(attempt).some((name) => matches(name));
}

/** Whether a suite takes part that is to be named: by its own name, or by an attempt's. */
const isNamed = (suite: Suite, { suites, attempts }: Selection): boolean =>
  suites.some((pattern) => matcher(pattern)(suite.name)) ||
  attempts.some((pattern) => suite.attempts.some((attempt) => means(pattern, attempt)));

/**
 * Selects suites and attempts. Suites that are part of a run only if they are named are left out of one that names
 * nothing.
 *
 * @throws Failure NOTHING_SELECTED naming the option and the pattern that means nothing
 */
export function select(suites: readonly Suite[], selection: Selection): Suite[] {
  for (const pattern of selection.suites) {
    if (!suites.some((suite) => matcher(pattern)(suite.name))) {
      const names = suites.map((suite) => suite.name).join(', ');
      throw new Failure('NOTHING_SELECTED', `--suite ${pattern}: there is no such suite`, `The suites are ${names}.`);
    }
  }
  const chosen = suites.filter(
    (suite) =>
      (selection.suites.length === 0 || selection.suites.some((pattern) => matcher(pattern)(suite.name))) &&
      (!suite.onlyIfNamed || isNamed(suite, selection)),
  );
  for (const pattern of selection.attempts) {
    if (!chosen.some((suite) => suite.attempts.some((attempt) => means(pattern, attempt)))) {
      throw new Failure(
        'NOTHING_SELECTED',
        `--attempt ${pattern}: no attempt ${chosen.length < suites.length ? 'of the chosen suites ' : ''}has such a name`,
        '"relayproof list attempts" shows them all; "*" stands for anything.',
      );
    }
  }
  if (selection.attempts.length === 0) {
    return chosen;
  }
  return chosen
    .map((suite) => ({
      ...suite,
      attempts: suite.attempts.filter((attempt) => selection.attempts.some((pattern) => means(pattern, attempt))),
    }))
    .filter((suite) => suite.attempts.length > 0);
}

/** Whether it shows that a control is open to others than its fault says. What must get through, the proofs show. */
const opens = (attempt: Attempt) => attempt.core === true && attempt.expected === 'block';

export type PlanOptions = {
  /** Asks controls and twins the products of many forms whole; else a selection that has each form in it. */
  wholeProducts?: boolean;
  /** Whether an attempt tells something of controls; with an older sendmail not each does. */
  tellsOfControls?: (id: string) => boolean;
};

/**
 * Plans a run. References and subjects get every selected attempt, controls those that must flag them and, to see that
 * they have no other fault, those that must not: what must be blocked of the core set, and what they name.
 *
 * @param catalogue all attempts that there are
 * @param selected those chosen for this run
 */
export function planRun(
  configurations: readonly Configuration[],
  catalogue: readonly Suite[],
  selected: readonly Suite[],
  { wholeProducts = false, tellsOfControls = () => true }: PlanOptions = {},
): Plan {
  // An attempt that no fault can make fail is not asked to flag one.
  const flagging = (attempt: Attempt) => attempt.noControl === undefined;
  const all = catalogue.flatMap((suite) => suite.attempts);
  const chosen = selected.flatMap((suite) => suite.attempts);
  const planned = configurations.map((configuration): PlannedConfiguration => {
    if (!configuration.control) {
      // The local delivery agent has no part in whom sendmail relays for: the product whole is its twin's to answer.
      const answered = configurations.some(({ name }) => name === configuration.twinOf);
      const attempts = wholeProducts || !answered ? chosen : chosen.filter((attempt) => !attempt.ofProduct);
      return { configuration, attempts, detectedBy: [], mustPass: [], unmatched: [] };
    }
    const { detectedBy: flags, passes } = configuration.control;
    const meantBy = (patterns: readonly string[], attempt: Attempt) =>
      patterns.some((pattern) => means(pattern, attempt));
    const detecting = chosen.filter(
      (attempt) =>
        flagging(attempt) &&
        tellsOfControls(attempt.id) &&
        meantBy(flags, attempt) &&
        (wholeProducts || !attempt.ofProduct),
    );
    const passing = chosen.filter(
      (attempt) =>
        tellsOfControls(attempt.id) && !meantBy(flags, attempt) && (opens(attempt) || meantBy(passes, attempt)),
    );
    const asked = new Set([...detecting, ...passing]);
    return {
      configuration,
      attempts: detecting.length > 0 ? chosen.filter((attempt) => asked.has(attempt)) : [],
      detectedBy: detecting.map((attempt) => attempt.id),
      mustPass: detecting.length > 0 ? passing.map((attempt) => attempt.id) : [],
      unmatched: [
        ...flags.filter((pattern) => !all.some((attempt) => flagging(attempt) && means(pattern, attempt))),
        ...passes.filter((pattern) => !all.some((attempt) => means(pattern, attempt))),
      ],
    };
  });
  return {
    suites: [...selected],
    // A control that none of the chosen attempts is meant for has nothing to say in this run.
    configurations: planned.filter(({ attempts, unmatched }) => attempts.length > 0 || unmatched.length > 0),
  };
}
