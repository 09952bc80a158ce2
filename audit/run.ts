/** One run from the request to the report folder, however it ends. */
import { rm } from 'node:fs/promises';
import { resourceUsage } from 'node:process';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { prepareEngine } from '../containers/engine/prepare.ts';
import { type Progress, printProgress } from '../containers/engine/progress.ts';
import { prepareReaper } from '../containers/engine/reaper.ts';
import { claimRunFolder } from '../containers/engine/temporary-folder.ts';
import { provideImages } from '../containers/target/image.ts';
import { provideOwnImage } from '../containers/target/own-image/provide-own-image.ts';
import { DEFAULT_SENDMAIL } from '../containers/target/releases.ts';
import type { Earlier } from '../reports/baseline.ts';
import { pageProgram } from '../reports/html/program.ts';
import type { Report } from '../reports/model.ts';
import { type DrawnFile, drawReport, prepareReportFolder, writeDrawn } from '../reports/write.ts';
import type { Suite } from '../suites/attempt.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { needsClientContainer } from '../suites/scene.ts';
import { assembleReport } from './assemble.ts';
import { Audit, type AuditEvent, type AuditOptions, type Compared } from './audit.ts';
import { checkBaseline, readBaseline } from './baseline.ts';
import { commit } from './commit.ts';
import { Failure } from './failure.ts';
import { matcher, means, type Plan, planRun, select } from './plan.ts';
import { requireOtherFolder } from './report-folder.ts';
import { type AuditRequest, readConfigurations } from './request.ts';
import { testNameOf } from './test-name.ts';
import { tellsOfControls } from './version-differences.ts';
import { type ResultService, serveResults } from './vitest/result-service.ts';
import { checkWaivedAttempts } from './waived-attempts.ts';

export type RunOptions = {
  request: AuditRequest;
  /** Restricts the run to what vitest was told to run: suite files and a pattern of test names. */
  suiteFiles?: string[];
  testName?: (name: string) => boolean;
  progress?: Progress;
  onEvent?: (event: AuditEvent) => void;
  /** The configurations are compared with one another. */
  compared?: Compared;
  hooks?: AuditOptions['hooks'] & {
    /** Changes what is audited. */
    configurations?: (configurations: Configuration[]) => Configuration[];
    /** Changes the catalogue, to see what becomes of a run that lacks something. */
    catalogue?: (suites: Suite[]) => Suite[];
  };
};

function restrict(plan: Plan, testName: ((name: string) => boolean) | undefined): Plan {
  if (!testName) {
    return plan;
  }
  const configurations = plan.configurations
    .map((planned) => {
      const attempts = planned.attempts.filter((one) => testName(`${planned.configuration.name} ${testNameOf(one)}`));
      const ids = new Set(attempts.map((one) => one.id));
      const kept = (list: string[]) => list.filter((id) => ids.has(id));
      return { ...planned, attempts, detectedBy: kept(planned.detectedBy), mustPass: kept(planned.mustPass) };
    })
    .filter((planned) => planned.attempts.length > 0);
  if (configurations.length === 0) {
    throw new Failure('NOTHING_SELECTED', 'the pattern of test names matches no attempt', 'Give another one with -t.');
  }
  return { ...plan, configurations };
}

export class Run {
  readonly audit: Audit;
  readonly request: AuditRequest;
  readonly service: ResultService;
  report: Report | undefined;
  reportFiles: string[] = [];
  readonly #catalogue: Suite[];
  readonly #commit = commit();
  readonly #earlier: Earlier | undefined;
  /** Marks the run as alive for others on this machine. */
  readonly #folder: string;
  #finished: Promise<Report> | undefined;

  private constructor(
    audit: Audit,
    request: AuditRequest,
    service: ResultService,
    catalogue: Suite[],
    folder: string,
    earlier: Earlier | undefined,
  ) {
    this.#folder = folder;
    this.#earlier = earlier;
    this.audit = audit;
    this.request = request;
    this.service = service;
    this.#catalogue = catalogue;
  }

  /**
   * Reads what is asked for, sees to engine and images, and starts the lab.
   *
   * @throws Failure for bad input, no engine or no images; nothing is running then
   */
  static async begin(options: RunOptions): Promise<Run> {
    const { request } = options;
    const earlier = await readBaseline(request);
    const read = await readConfigurations(request);
    const configurations = options.hooks?.configurations?.(read) ?? read;
    const { suites: all, broken } = await readCatalogue();
    const suites = options.hooks?.catalogue?.(all) ?? all;
    const attempts = suites.flatMap((suite) => suite.attempts);
    // What a pattern means may be in the suite that is not there.
    const unmet = request.attempts.some((pattern) => !attempts.some((attempt) => means(pattern, attempt)));
    for (const { name, why } of broken) {
      if (unmet || request.suites.some((pattern) => matcher(pattern)(name))) {
        throw new Failure(
          'SUITE_NOT_IMPORTED',
          `the suite ${name} cannot be imported: ${why}`,
          `Correct suites/${name}.ts.`,
        );
      }
    }
    if (broken.length === 0) {
      checkWaivedAttempts(configurations, attempts);
    }
    const inFiles = suites.filter((suite) => options.suiteFiles?.includes(suite.name) ?? true);
    // Whoever names a control wants to see all of what flags it.
    const wholeProducts = request.configurations.length > 0;
    // Files that vitest is told to run are named, and with them their suites.
    const asked = request.suites.length === 0 && inFiles.length < suites.length ? inFiles.map(({ name }) => name) : [];
    const selection = { suites: [...request.suites, ...asked], attempts: request.attempts };
    const planned = planRun(configurations, suites, select(inFiles, selection), {
      wholeProducts,
      tellsOfControls: tellsOfControls(request.sendmail ?? DEFAULT_SENDMAIL),
    });
    const plan = restrict(planned, options.testName);
    checkBaseline(earlier, plan);
    const progress =
      options.progress ??
      printProgress({
        stream: process.stderr,
        colour: (process.stderr.isTTY ?? false) && !process.env.NO_COLOR,
        tty: process.stderr.isTTY ?? false,
      });
    await requireOtherFolder(request.reportDirectory, configurations);
    await prepareReportFolder(request.reportDirectory);
    const started = Date.now();
    const engine = await prepareEngine(progress);
    if (request.image !== undefined) {
      await provideOwnImage(engine, request.image, progress);
    }
    const withClients = plan.configurations.some((one) =>
      one.attempts.some(({ scene }) => needsClientContainer(scene)),
    );
    const images = await provideImages(engine, progress, request.sendmail, { withClients });
    await prepareReaper(engine, progress);
    const audit = new Audit({
      plan,
      engine,
      images,
      ...(options.onEvent ? { onEvent: options.onEvent } : {}),
      ...(options.hooks ? { hooks: options.hooks } : {}),
      ...(options.compared ? { compared: options.compared } : {}),
    });
    const folder = await claimRunFolder(audit.runId);
    audit.timings['engine and images'] = Date.now() - started;
    for (const { name, why } of broken) {
      audit.troubles.push(`the suite ${name} cannot be imported: ${why}`);
    }
    const service = await serveResults(audit);
    audit.begin();
    // Made while the lab starts: whoever draws the report finds it there.
    pageProgram().catch(() => {});
    return new Run(audit, request, service, suites, folder, earlier);
  }

  interrupt(why: string): void {
    this.audit.interrupt(why);
  }

  /** Cleans up, judges and writes the report folder; once, whoever asks. */
  finish(troubles: readonly string[] = []): Promise<Report> {
    this.#finished ??= this.#finish(troubles);
    return this.#finished;
  }

  async #finish(troubles: readonly string[]): Promise<Report> {
    const { audit } = this;
    audit.troubles.push(...troubles);
    const troubleOfCleanUp = audit.close().then(
      () => undefined,
      (error) => `clean-up: ${error instanceof Error ? error.message : String(error)}`,
    );
    // While the engine is busy with removing things, the report is drawn as if it will succeed.
    let trouble: string | undefined;
    let made: { report: Report; files: DrawnFile[] };
    try {
      made = await this.#draw();
    } finally {
      trouble = await troubleOfCleanUp;
      await this.service.close();
      await rm(this.#folder, { recursive: true, force: true });
    }
    if (trouble !== undefined) {
      audit.troubles.push(trouble);
      made = await this.#draw();
    }
    this.report = made.report;
    this.reportFiles = await writeDrawn(made.files, this.request.reportDirectory);
    return made.report;
  }

  async #draw(): Promise<{ report: Report; files: DrawnFile[] }> {
    const process = {
      command: this.request.command,
      commit: await this.#commit,
      // Up to here: the drawing itself takes more.
      peakMemoryBytes: resourceUsage().maxRSS * 1024,
    };
    const report = assembleReport(this.audit, this.#catalogue, process, this.#earlier);
    return { report, files: await drawReport(report, this.request.reportDirectory) };
  }
}
