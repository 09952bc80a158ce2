/** One configuration under test: its target, the attempts on it between two rounds of proofs, and its results. */
import { versionOf } from '../containers/target/releases.ts';
import type { Target } from '../containers/target/target.ts';
import type { AttemptResult, AuthMode, Proof } from '../reports/model.ts';
import { judgeAttempt, type Rules } from '../reports/verdict.ts';
import type { Attempt } from '../suites/attempt.ts';
import { isSweep, needsHomeAlone, needsTargetAlone, restarts } from '../suites/scene.ts';
import { canBeTriedAnyway, doesNotApply, type Ground, modeOf } from './applicability.ts';
import { beyondReach } from './beyond-reach.ts';
import { findCauses } from './causes/find-causes.ts';
import { needsOf } from './client-needs.ts';
import { doubted, notShownHere } from './doubts.ts';
import { Failure } from './failure.ts';
import { perform } from './perform.ts';
import { performSweep } from './perform-sweep.ts';
import type { Performed } from './performance.ts';
import type { PlannedConfiguration } from './plan.ts';
import { type ProofResult, prove, whyPathIsDead } from './proofs.ts';
import type { Semaphore } from './semaphore.ts';
import { limitOf, ThrottleWatch } from './throttling.ts';
import { withKnownDifference } from './version-differences.ts';
import { waive } from './waivers.ts';

/** Hooks for tests that break the lab on purpose. */
export type TrialHooks = {
  /** Called when the first proofs stand and the attempts are about to start. */
  betweenProofs?: (target: Target) => Promise<void>;
  /** Called with what was tried and judged, while the target still runs. */
  whenJudged?: (target: Target, performed: { attempt: Attempt; result: AttemptResult }[]) => Promise<void>;
  /** May drop or change a result. */
  onResult?: (configuration: string, result: AttemptResult) => AttemptResult | undefined;
};

export type TrialServices = {
  start: (planned: PlannedConfiguration) => Promise<Target>;
  sessions: Semaphore;
  onProgress: (event: { configuration: string; attempt: string }) => void;
  hooks: TrialHooks;
  /** Of a comparison: whether an attempt applies to what this configuration is compared with. */
  appliesElsewhere?: (attempt: Attempt) => Promise<boolean>;
};

const performAttempt = (target: Target, scene: Attempt['scene']): Promise<Performed> =>
  isSweep(scene) ? performSweep(target, scene) : perform(target, scene);

/** How an attempt's outcome is judged. */
export function rulesOf({ scene, expected, refusedIn, rejectedWith, deferredWith, answer }: Attempt): Rules {
  return {
    expected,
    refusedIn,
    destination: isSweep(scene) ? 'sink' : scene.destination,
    ...(rejectedWith ? { rejectedWith } : {}),
    ...(deferredWith ? { deferredWith } : {}),
    ...(answer ? { answer } : {}),
  };
}

function pairsOf(attempts: readonly Attempt[], results: readonly AttemptResult[]) {
  return results.flatMap((result) => {
    const attempt = attempts.find(({ id }) => id === result.id);
    return attempt ? [{ attempt, result }] : [];
  });
}

export class Trial {
  readonly planned: PlannedConfiguration;
  readonly results = new Map<string, AttemptResult>();
  /** What does not apply and was tried for a comparison, judged as if it did. */
  comparedOnly: AttemptResult[] = [];
  readonly proofs: Proof[] = [];
  mode: AuthMode | undefined;
  modeReasons: string[] = [];
  /** What the report must say besides. */
  readonly remarks: string[] = [];
  failure: Failure | undefined;
  target: Target | undefined;
  /** The day by which waivers are valid. */
  readonly today = new Date();
  durationMs = 0;
  readonly #services: TrialServices;
  #done: Promise<AttemptResult[]> | undefined;

  constructor(planned: PlannedConfiguration, services: TrialServices) {
    this.planned = planned;
    this.#services = services;
  }

  get name(): string {
    return this.planned.configuration.name;
  }

  /** What there is to try; undefined where the target did not start. */
  get ground(): Ground | undefined {
    const { policy } = this.planned.configuration;
    return this.target && this.mode && !this.failure
      ? { mode: this.mode, facts: this.target.facts, policy }
      : undefined;
  }

  /** Starts the target; a failure is kept, and makes every attempt inconclusive. */
  async start(): Promise<void> {
    const started = Date.now();
    try {
      this.target = await this.#services.start(this.planned);
      const read = modeOf(this.target.facts);
      this.mode = this.planned.configuration.policy.mode ?? read.mode;
      this.modeReasons = read.reasons;
    } catch (error) {
      this.failure =
        error instanceof Failure
          ? error
          : new Failure(
              'LAB_BROKEN',
              `${this.name}: ${error instanceof Error ? error.message : String(error)}`,
              'Try again.',
              {
                cause: error,
              },
            );
    }
    this.durationMs += Date.now() - started;
  }

  /** Runs the planned attempts in one bracket of proofs; once, whoever asks. */
  run(): Promise<AttemptResult[]> {
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<AttemptResult[]> {
    const started = Date.now();
    const { configuration, attempts } = this.planned;
    const version = this.target && versionOf(this.target.facts.sendmail);
    const known = (await this.#results()).map((result) => withKnownDifference(result, version));
    const results = this.#keep(waive(known, configuration.policy.waivers, attempts, this.today));
    this.durationMs += Date.now() - started;
    return results;
  }

  async #results(): Promise<AttemptResult[]> {
    const { attempts } = this.planned;
    const { target, mode } = this;
    if (!target || !mode || this.failure) {
      const why = this.failure?.message ?? 'the target was not started';
      return attempts.map((attempt) => this.#without(attempt, 'inconclusive', why));
    }
    const applicable: Attempt[] = [];
    const forComparison: Attempt[] = [];
    const results: AttemptResult[] = [];
    const ground = { mode, facts: target.facts, policy: this.planned.configuration.policy };
    for (const attempt of attempts) {
      const lacking = doesNotApply(attempt, ground);
      const outOfReach = beyondReach(attempt, target.limits) ?? notShownHere(attempt, target.doubts);
      const why = lacking ?? outOfReach;
      if (why === undefined) {
        applicable.push(attempt);
        continue;
      }
      results.push(this.#without(attempt, 'not-applicable', why));
      if (outOfReach === undefined && canBeTriedAnyway(attempt, ground)) {
        if (await this.#services.appliesElsewhere?.(attempt)) {
          forComparison.push(attempt);
        }
      }
    }
    if (applicable.length + forComparison.length === 0) {
      return results;
    }
    const tried = await this.#try(target, mode, applicable, forComparison);
    const beside = new Set(forComparison.map(({ id }) => id));
    this.comparedOnly = tried.filter(({ id }) => beside.has(id));
    return [...results, ...tried.filter(({ id }) => !beside.has(id))];
  }

  async #try(
    target: Target,
    mode: AuthMode,
    applicable: readonly Attempt[],
    forComparison: readonly Attempt[],
  ): Promise<AttemptResult[]> {
    const attempts = [...applicable, ...forComparison];
    const suites = [...new Set(attempts.map((attempt) => attempt.suite))];
    const before = await this.#prove(target, mode, 'before', suites);
    await this.#services.hooks.betweenProofs?.(target);
    const performed = new Map<Attempt, Performed>();
    const throttle = new ThrottleWatch();
    const notTried = new Map<Attempt, string>();
    const tryOne = async (attempt: Attempt) => {
      const givenUp = throttle.reason;
      if (givenUp !== undefined) {
        notTried.set(attempt, givenUp);
        return;
      }
      const done = await performAttempt(target, attempt.scene);
      throttle.note(done.outcome);
      performed.set(attempt, done);
      this.#services.onProgress({ configuration: this.name, attempt: attempt.id });
    };
    const tryAll = async (list: readonly Attempt[]) => {
      for (const attempt of list) {
        await tryOne(attempt);
      }
    };
    const { sessions } = this.#services;
    // Restarts first: after a crowd the POP server takes a second to end.
    const alone = attempts
      .filter(({ scene }) => needsTargetAlone(scene))
      .sort((a, b) => Number(restarts(b.scene)) - Number(restarts(a.scene)));
    const inHome = attempts.filter((attempt) => needsHomeAlone(attempt.scene) && !alone.includes(attempt));
    const others = attempts.filter((attempt) => !alone.includes(attempt) && !inHome.includes(attempt));
    // Those that come one after another keep one place: each of them at the end of the queue would outlast all others.
    await Promise.all([
      sessions.run(() => tryAll(inHome)),
      ...others.map((attempt) => sessions.run(() => tryOne(attempt))),
    ]);
    await sessions.run(() => tryAll(alone));
    const after = await this.#prove(target, mode, 'after', suites);
    const pathDead = whyPathIsDead('before', before) ?? whyPathIsDead('after', after);
    const without = [...notTried].map(([attempt, why]) => this.#without(attempt, 'inconclusive', why));
    const judged = [...performed].map(([attempt, { outcome, evidence, notSeen, durationMs }]) => {
      const { expected } = attempt;
      const judgement = doubted(judgeAttempt(rulesOf(attempt), outcome, { pathDead, notSeen }), attempt, target.doubts);
      return {
        id: attempt.id,
        suite: attempt.suite,
        expected,
        observed: outcome.observed,
        ...judgement,
        ...(judgement.verdict === 'inconclusive' ? { reason: limitOf(outcome) ?? judgement.reason } : {}),
        ...(attempt.client && judgement.verdict === 'fail'
          ? { needs: needsOf(attempt.client, attempt.scene, outcome, evidence.dialogues) }
          : {}),
        phase: outcome.phase,
        durationMs,
        evidence,
      };
    });
    const results = await this.#withCauses(target, applicable, judged);
    await this.#services.hooks.whenJudged?.(target, pairsOf(applicable, results));
    return [...results, ...without];
  }

  /** Failed attempts with the line that most likely causes it. */
  async #withCauses(target: Target, attempts: readonly Attempt[], results: AttemptResult[]): Promise<AttemptResult[]> {
    const failed = pairsOf(
      attempts,
      results.filter(({ verdict }) => verdict === 'fail'),
      // What a mail program lacks is said by what it needs: a server is not at fault for it.
    ).filter(({ attempt }) => attempt.client === undefined);
    // In somebody's own image the files are the image's own business.
    if (failed.length === 0 || target.log.lost !== undefined || this.planned.configuration.image !== undefined) {
      return results;
    }
    const { causes, trouble } = await findCauses(target, failed);
    if (trouble !== undefined) {
      this.remarks.push(`the lines that cause it were not all looked for: ${trouble}`);
    }
    return results.map((result) => {
      const cause = causes.get(result.id);
      return cause ? { ...result, cause } : result;
    });
  }

  async #prove(target: Target, mode: AuthMode, when: 'before' | 'after', suites: string[]): Promise<ProofResult[]> {
    const oneAuthorised = this.planned.configuration.control !== undefined;
    const results = await prove(target, mode, { oneAuthorised });
    for (const { title, ok, reason, observed, evidence } of results) {
      this.proofs.push({ batch: suites.join(', '), when, title, ok, reason, observed, evidence });
    }
    return results;
  }

  #without(attempt: Attempt, verdict: 'inconclusive' | 'not-applicable', reason: string): AttemptResult {
    const { id, suite, expected } = attempt;
    return { id, suite, expected, observed: 'none', verdict, reason, durationMs: 0 };
  }

  #keep(results: AttemptResult[]): AttemptResult[] {
    for (const result of results) {
      const kept = this.#services.hooks.onResult ? this.#services.hooks.onResult(this.name, result) : result;
      if (kept) {
        this.results.set(kept.id, kept);
      }
    }
    return results;
  }

  async stop(): Promise<void> {
    await this.target?.stop();
  }
}
