/** One configuration under test: its target, its batches one after another, and its results. */
import type { Target } from '../containers/target/target.ts';
import type { AttemptResult, AuthMode, Proof } from '../reports/model.ts';
import { judgeAttempt } from '../reports/verdict.ts';
import type { Attempt } from '../suites/attempt.ts';
import { doesNotApply, modeOf } from './applicability.ts';
import { Failure } from './failure.ts';
import { perform } from './perform.ts';
import type { Performed } from './performance.ts';
import type { PlannedConfiguration } from './plan.ts';
import { type ProofResult, prove, whyPathIsDead } from './proofs.ts';
import type { Semaphore } from './semaphore.ts';

type Batch = { suite: string; attempts: Attempt[]; done: (results: AttemptResult[]) => void };

/** Hooks for tests that break the lab on purpose. */
export type BenchHooks = {
  /** Called when a batch's first proofs stand and its attempts are about to start. */
  betweenProofs?: (target: Target, suites: string[]) => Promise<void>;
  /** May drop or change a result. */
  onResult?: (configuration: string, result: AttemptResult) => AttemptResult | undefined;
};

export type BenchServices = {
  start: (planned: PlannedConfiguration) => Promise<Target>;
  sessions: Semaphore;
  onProgress: (event: { configuration: string; attempt: string; verdict: string }) => void;
  hooks: BenchHooks;
};

export class Bench {
  readonly planned: PlannedConfiguration;
  readonly results = new Map<string, AttemptResult>();
  readonly proofs: Proof[] = [];
  mode: AuthMode | undefined;
  modeReasons: string[] = [];
  failure: Failure | undefined;
  target: Target | undefined;
  durationMs = 0;
  readonly #services: BenchServices;
  readonly #pending: Batch[] = [];
  #running: Promise<void> | undefined;
  #lastProofs: ProofResult[] | undefined;

  constructor(planned: PlannedConfiguration, services: BenchServices) {
    this.planned = planned;
    this.#services = services;
  }

  get name(): string {
    return this.planned.configuration.name;
  }

  /** Starts the target; a failure is kept, and makes every attempt inconclusive. */
  async start(): Promise<void> {
    const started = Date.now();
    try {
      this.target = await this.#services.start(this.planned);
      const read = modeOf(this.target.facts);
      this.mode = this.planned.configuration.policy.mode ?? read.mode;
      this.modeReasons = read.reasons;
      if (!this.mode) {
        throw new Failure(
          'BAD_CONFIGURATION',
          `${this.name}: nobody is meant to send to outside: neither SMTP-AUTH nor POP before SMTP is configured`,
          'Say in relayproof.yaml what is meant, for example "mode: smtp-auth".',
        );
      }
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

  /** Runs the attempts of one suite; batches that come in while another runs share the next bracket of proofs. */
  batch(suite: string, attempts: Attempt[], ready: Promise<void>): Promise<AttemptResult[]> {
    return new Promise((resolve) => {
      this.#pending.push({ suite, attempts, done: resolve });
      this.#running ??= ready
        .then(() => this.#work())
        .finally(() => {
          this.#running = undefined;
        });
    });
  }

  async #work(): Promise<void> {
    while (this.#pending.length > 0) {
      const started = Date.now();
      const batches = this.#pending.splice(0);
      const results = await this.#bracket(batches);
      this.durationMs += Date.now() - started;
      for (const batch of batches) {
        batch.done(results.filter((result) => result.suite === batch.suite));
      }
    }
  }

  async #bracket(batches: Batch[]): Promise<AttemptResult[]> {
    const attempts = batches.flatMap((batch) => batch.attempts);
    const { target, mode } = this;
    if (!target || !mode || this.failure) {
      const why = this.failure?.message ?? 'the target did not start';
      return this.#keep(attempts.map((attempt) => this.#without(attempt, 'inconclusive', why)));
    }
    const applicable: Attempt[] = [];
    const kept: AttemptResult[] = [];
    for (const attempt of attempts) {
      const why = doesNotApply(attempt, mode, target.facts);
      if (why === undefined) {
        applicable.push(attempt);
      } else {
        kept.push(this.#without(attempt, 'not-applicable', why));
      }
    }
    if (applicable.length > 0) {
      kept.push(
        ...(await this.#try(
          target,
          mode,
          applicable,
          batches.map((batch) => batch.suite),
        )),
      );
    }
    return this.#keep(kept);
  }

  async #try(target: Target, mode: AuthMode, attempts: Attempt[], suites: string[]): Promise<AttemptResult[]> {
    const before = this.#lastProofs ?? (await this.#prove(target, mode, 'before', suites));
    await this.#services.hooks.betweenProofs?.(target, suites);
    const performed = new Map<Attempt, Performed>();
    await Promise.all(
      attempts.map((attempt) =>
        this.#services.sessions.run(async () => {
          performed.set(attempt, await perform(target, attempt.scene));
          this.#services.onProgress({ configuration: this.name, attempt: attempt.id, verdict: '' });
        }),
      ),
    );
    const after = await this.#prove(target, mode, 'after', suites);
    this.#lastProofs = after;
    const pathDead = whyPathIsDead('before', before) ?? whyPathIsDead('after', after);
    return [...performed].map(([attempt, { outcome, evidence, notSeen, durationMs }]) => {
      const { scene, expected, refusedIn, rejectedWith } = attempt;
      const rules = { expected, refusedIn, destination: scene.destination, ...(rejectedWith ? { rejectedWith } : {}) };
      const judgement = judgeAttempt(rules, outcome, { pathDead, notSeen });
      return {
        id: attempt.id,
        suite: attempt.suite,
        expected,
        observed: outcome.observed,
        ...judgement,
        phase: outcome.phase,
        durationMs,
        evidence,
      };
    });
  }

  async #prove(target: Target, mode: AuthMode, when: 'before' | 'after', suites: string[]): Promise<ProofResult[]> {
    const results = await prove(target, mode);
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
