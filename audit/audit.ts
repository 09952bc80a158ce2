/** A run: the lab, the targets, and the results of what was tried on them. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import type { Engine } from '../containers/engine/find-engine.ts';
import { ownerLabels } from '../containers/engine/labels.ts';
import { removeRun } from '../containers/engine/leftovers.ts';
import { Lab } from '../containers/lab/lab.ts';
import { FolderTarget } from '../containers/target/folder-target.ts';
import type { Images } from '../containers/target/image.ts';
import { ImageTarget } from '../containers/target/own-image/image-target.ts';
import type { Target } from '../containers/target/target.ts';
import type { AttemptResult } from '../reports/model.ts';
import type { Attempt } from '../suites/attempt.ts';
import { doesNotApply } from './applicability.ts';
import { Failure } from './failure.ts';
import type { Plan } from './plan.ts';
import { Semaphore } from './semaphore.ts';
import { Trial, type TrialHooks } from './trial.ts';

/** Sessions that go on at once, over all targets. */
const SESSIONS = 16;
/** Sessions that go on at once on one target, so that a long queue on one does not keep the others waiting. */
const SESSIONS_ON_ONE = 16;
/** Targets that run at once: more would be kept waiting by the processors, and still cost them their idle work. */
const TARGETS = 8;
/** Targets that start at once: starting is processor work. */
const STARTS = 4;
/** What a target needs, generously; measured at about 45 MB. */
const TARGET_BYTES = 120 * 1024 * 1024;
/** Left to everybody else on the machine. */
const RESERVE_BYTES = 512 * 1024 * 1024;

export type AuditEvent =
  | { kind: 'target'; configuration: string; state: 'started' | 'failed' | 'stopped'; ms: number }
  | { kind: 'attempt'; configuration: string; attempt: string };

export type AuditOptions = {
  plan: Plan;
  engine: Engine;
  images: Images;
  onEvent?: (event: AuditEvent) => void;
  hooks?: TrialHooks & { lab?: (lab: Lab) => void };
  compared?: Compared;
};

/**
 * The configurations are compared with one another: what applies to one of them is tried on all where it can be. Beside
 * them, with an earlier result: `elsewhere` says what was tried there.
 */
export type Compared = { elsewhere?: (id: string) => boolean };

function availableBytes(): number {
  try {
    const line = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
    return line ? Number(line[1]) * 1024 : freemem();
  } catch {
    return freemem();
  }
}

export class Audit {
  readonly runId: string;
  readonly plan: Plan;
  readonly engine: Engine;
  readonly images: Images;
  readonly trials: ReadonlyMap<string, Trial>;
  readonly startedAt = new Date();
  readonly timings: Record<string, number> = {};
  /** What went wrong with the run itself, in words; each makes it inconclusive. */
  readonly troubles: string[] = [];
  lab: Lab | undefined;
  isolation = '';
  interrupted = false;
  readonly #options: AuditOptions;
  readonly #starts = new Semaphore(STARTS);
  readonly #alive: Semaphore;
  readonly #ready = new Map<string, Promise<void>>();
  readonly #results = new Map<string, Promise<AttemptResult[]>>();
  readonly #release = new Map<string, () => void>();
  readonly #starting = new Set<Promise<Target>>();
  /** Targets of controls that are done with: their containers may serve other ones. */
  readonly #free: FolderTarget[] = [];
  /** Trials that are not done; the last one's container is removed with all the rest. */
  #unfinished: number;
  #labBegun: Promise<Lab> | undefined;
  #labReady: Promise<Lab> | undefined;
  #number = 0;
  #closed: Promise<void> | undefined;

  constructor(options: AuditOptions) {
    this.#options = options;
    this.runId = randomBytes(4).toString('hex');
    this.plan = options.plan;
    this.engine = options.engine;
    this.#unfinished = this.plan.configurations.length;
    this.images = options.images;
    const affordable = Math.max(2, Math.floor((availableBytes() - RESERVE_BYTES) / TARGET_BYTES));
    this.#alive = new Semaphore(Math.min(TARGETS, affordable));
    const sessions = new Semaphore(SESSIONS);
    this.trials = new Map(
      this.plan.configurations.map((planned) => [
        planned.configuration.name,
        new Trial(planned, {
          start: () => this.#startTarget(planned),
          sessions: new Semaphore(SESSIONS_ON_ONE, sessions),
          hooks: options.hooks ?? {},
          onProgress: ({ configuration, attempt }) => options.onEvent?.({ kind: 'attempt', configuration, attempt }),
          ...(options.compared
            ? { appliesElsewhere: (attempt) => this.#appliesElsewhere(planned.configuration.name, attempt) }
            : {}),
        }),
      ]),
    );
  }

  /** Starts the lab, and the targets behind it, in the order of the plan. Returns at once. */
  begin(): void {
    const started = Date.now();
    this.#labBegun = Lab.begin({
      engine: this.engine,
      runId: this.runId,
      helperImage: this.images.helper.tag,
      labels: ownerLabels(this.runId),
    });
    this.#labReady = this.#labBegun.then(async (lab) => {
      await lab.ready;
      this.lab = lab;
      this.isolation = await lab.proveIsolation();
      if (this.images.clients) {
        await lab.startClients(this.images.clients.tag, this.runId);
      }
      this.timings['start of the lab'] = Date.now() - started;
      this.#options.hooks?.lab?.(lab);
      return lab;
    });
    this.#labReady.catch(() => {});
    for (const trial of this.trials.values()) {
      this.#ready.set(trial.name, this.#bring(trial));
      // Whoever asks for results gets these: a target must not hold its place until somebody does.
      this.results(trial.name).catch(() => {});
    }
  }

  async #bring(trial: Trial): Promise<void> {
    await new Promise<void>((resolve) => {
      // A target holds its place until it is done with.
      void this.#alive.run(
        () =>
          new Promise<void>((release) => {
            this.#release.set(trial.name, release);
            resolve();
          }),
      );
    });
    await this.#starts.run(async () => {
      const started = Date.now();
      if (!this.interrupted) {
        await trial.start();
      }
      this.#add('starts of targets, summed', Date.now() - started);
      const state = trial.target && !trial.failure ? 'started' : 'failed';
      this.#options.onEvent?.({ kind: 'target', configuration: trial.name, state, ms: Date.now() - started });
    });
  }

  async #startTarget(planned: Plan['configurations'][number]): Promise<Target> {
    const lab = await this.#labBegun;
    if (!lab) {
      throw new Failure('LAB_BROKEN', 'the lab has not been started', 'Report this.');
    }
    const { configuration } = planned;
    const free = configuration.control ? this.#free.findIndex((target) => target.mayBeFollowedBy(configuration)) : -1;
    const inPlaceOf = free < 0 ? undefined : this.#free.splice(free, 1)[0];
    const options = {
      lab,
      image: this.images.target.tag,
      configuration,
      number: inPlaceOf ? 0 : this.#number++,
      runId: this.runId,
    };
    const starting =
      configuration.image === undefined
        ? FolderTarget.start(options, inPlaceOf)
        : ImageTarget.start(options, configuration.image);
    this.#starting.add(starting);
    const done = () => this.#starting.delete(starting);
    starting.then(done, done);
    // Nothing is tried before the lab is shown to have no way out.
    const [target] = await Promise.all([starting, this.#labReady]);
    return target;
  }

  /** Waits until all targets have started: what applies is read from them. Only for as many as may run at once. */
  async #appliesElsewhere(name: string, attempt: Attempt): Promise<boolean> {
    if (this.#options.compared?.elsewhere?.(attempt.id)) {
      return true;
    }
    await Promise.all(this.#ready.values());
    return [...this.trials.values()].some(
      (trial) => trial.name !== name && trial.ground !== undefined && doesNotApply(attempt, trial.ground) === undefined,
    );
  }

  /** Performs what is planned on one configuration, once, whoever asks; its target goes when that is done. */
  results(configuration: string): Promise<AttemptResult[]> {
    const known = this.#results.get(configuration);
    if (known) {
      return known;
    }
    const trial = this.trials.get(configuration);
    const ready = this.#ready.get(configuration);
    if (!trial || !ready) {
      return Promise.reject(new Error(`${configuration} is not part of this run`));
    }
    const results = ready.then(async () => {
      const started = Date.now();
      const kept = await trial.run();
      this.#add('tries of configurations, summed', Date.now() - started);
      await this.#retire(trial);
      return kept;
    });
    this.#results.set(configuration, results);
    return results;
  }

  /** Times of things that go on side by side add up to more than the run's own. */
  #add(what: string, ms: number): void {
    this.timings[what] = (this.timings[what] ?? 0) + ms;
  }

  async #retire(trial: Trial): Promise<void> {
    const started = Date.now();
    const { target } = trial;
    if (target instanceof FolderTarget && trial.planned.configuration.control && !this.interrupted) {
      // Its container serves the next control.
      this.#free.push(target);
    } else if (this.#unfinished > 1) {
      try {
        await trial.stop();
      } catch {
        // What cannot be stopped in order is removed by force at the end of the run.
      }
    }
    this.#unfinished--;
    if (this.#unfinished === 0) {
      // What goes wrong with it is heard by whoever closes the audit.
      this.close().catch(() => {});
    }
    this.#release.get(trial.name)?.();
    this.#options.onEvent?.({ kind: 'target', configuration: trial.name, state: 'stopped', ms: Date.now() - started });
  }

  /** Ends the run early: what has no result yet gets none. */
  interrupt(why: string): void {
    if (!this.interrupted) {
      this.interrupted = true;
      this.troubles.push(why);
    }
  }

  /**
   * Removes everything that the run made, however it ended; once, whoever asks. It begins when the last configuration is
   * done with.
   *
   * @throws Failure LAB_BROKEN if something cannot be removed
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // What is still starting must not come up after its removal.
    await this.#labReady?.catch(() => {});
    await removeRun(this.engine, this.runId);
    if (this.#starting.size > 0) {
      await Promise.allSettled(this.#starting);
      await removeRun(this.engine, this.runId);
    }
  }
}
