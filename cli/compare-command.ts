/** `relayproof compare`: audits two configurations side by side, or reads what an audit said of them, and shows what differs. */
import { realpath, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Failure } from '../audit/failure.ts';
import { matcher } from '../audit/plan.ts';
import { realOrSame } from '../audit/report-folder.ts';
import { checkMode } from '../audit/request.ts';
import { Run } from '../audit/run.ts';
import { answerSignals } from '../audit/signals.ts';
import { version } from '../audit/version.ts';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { checkSendmail } from '../containers/target/releases.ts';
import { type CompareSide, compare } from '../reports/comparison/compare.ts';
import type { Comparison } from '../reports/comparison/model.ts';
import { renderComparisonTerminal } from '../reports/comparison/terminal.ts';
import { comparisonFiles, drawComparison, VERDICT_FILE } from '../reports/comparison/write.ts';
import type { AttemptDescription, ConfigurationResult, Report } from '../reports/model.ts';
import { visible } from '../reports/visible.ts';
import { duration } from '../reports/words.ts';
import { prepareReportFolder, writeDrawn } from '../reports/write.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { type AuditSide, type ReportSide, readSide, type Sided, type SideName } from './compare-sides.ts';
import { LiveView } from './live-view.ts';
import { colourOn } from './print-failure.ts';

export type CompareOptions = {
  suite: string[];
  attempt: string[];
  modeBefore?: string;
  modeAfter?: string;
  sendmail?: string;
  reportDir: string;
  json?: boolean;
};

const isReport = (side: Sided): side is ReportSide => 'report' in side;

/** A side is asked what the other is asked: a control too. Where both have one name, each gets its side's. */
function named(side: AuditSide, other: Sided, suffix: string): Configuration {
  const { control: _, ...configuration } = side.toAudit;
  const otherName = isReport(other) ? other.configuration.name : other.toAudit.name;
  const name = configuration.name === otherName ? `${configuration.name}-${suffix}` : configuration.name;
  return { ...configuration, role: side.toAudit.control ? 'subject' : configuration.role, name };
}

/** What was tried there, so that it is tried on the other side as well. */
function triedIn({ configuration }: ReportSide): (id: string) => boolean {
  const tried = new Set(
    configuration.attempts.filter(({ verdict }) => verdict !== 'not-applicable').map(({ id }) => id),
  );
  return (id) => tried.has(id);
}

type Audited = { report: Report; names: string[]; files: string[] };

async function auditBoth(
  configurations: readonly Configuration[],
  reported: ReportSide | undefined,
  sources: readonly string[],
  options: CompareOptions,
): Promise<Audited> {
  const sendmail = checkSendmail(options.sendmail, '--sendmail');
  let attempts = options.attempt;
  if (reported && attempts.length === 0 && options.suite.length === 0) {
    // The report says what can be compared with it, as far as this catalogue still has it.
    const known = new Set((await readCatalogue()).suites.flatMap((suite) => suite.attempts.map(({ id }) => id)));
    attempts = reported.configuration.attempts.map(({ id }) => id).filter((id) => known.has(id));
    if (attempts.length === 0) {
      throw new Failure(
        'NOTHING_SELECTED',
        `${reported.source}: the report has no attempt that this relayproof knows`,
        'Audit both sides anew.',
      );
    }
  }
  let view: LiveView | undefined;
  const run = await Run.begin({
    request: {
      configurations: [...sources],
      suites: options.suite,
      attempts,
      ...(sendmail ? { sendmail } : {}),
      reportDirectory: resolve(options.reportDir),
      command: ['relayproof', ...process.argv.slice(2)],
    },
    onEvent: (event) => view?.handle(event),
    compared: reported ? { elsewhere: triedIn(reported) } : {},
    hooks: { configurations: () => [...configurations] },
  });
  answerSignals(run);
  view = new LiveView(run.audit.plan);
  // What has no result makes the run inconclusive; an interrupted one still cleans up and reports.
  const ended = await Promise.allSettled(configurations.map(({ name }) => run.audit.results(name)));
  view.end();
  const troubles = ended.flatMap((one) => (one.status === 'rejected' ? [`not tried to its end: ${one.reason}`] : []));
  const report = await run.finish(troubles);
  return { report, names: configurations.map(({ name }) => name), files: run.reportFiles };
}

function audited(report: Report, name: string, source: string): CompareSide {
  const configuration = report.configurations.find((one) => one.name === name);
  if (!configuration) {
    throw new Failure('LAB_BROKEN', `the audit has no result of ${name}`, 'Report this.');
  }
  return { report, configuration, name, source };
}

/** Two results of reports, under the names that tell them apart. */
function reportedSide(side: ReportSide, other: { name: string }, suffix: string): CompareSide {
  const { name } = side.configuration;
  return { ...side, name: name === other.name ? `${name}-${suffix}` : name };
}

/** What of two reports is compared, where less than all was asked for. */
function narrowed(side: ReportSide, wanted: ReadonlySet<string> | undefined): ReportSide {
  if (!wanted) {
    return side;
  }
  const { attempts, comparedOnly } = side.configuration;
  const among = <T extends { id: string }>(all: readonly T[]) => all.filter(({ id }) => wanted.has(id));
  const configuration = {
    ...side.configuration,
    attempts: among(attempts),
    ...(comparedOnly ? { comparedOnly: among(comparedOnly) } : {}),
  };
  return { ...side, configuration };
}

/** The ids that `--suite` and `--attempt` mean in the catalogues of two reports. */
function wantedOf({ suite, attempt }: CompareOptions, sides: readonly ReportSide[]): Set<string> | undefined {
  if (suite.length + attempt.length === 0) {
    return undefined;
  }
  const all = sides.flatMap(({ report }) => report.catalogue);
  const options = [
    ...suite.map((pattern) => ({ option: '--suite', pattern, names: (one: AttemptDescription) => [one.suite] })),
    ...attempt.map((pattern) => ({
      option: '--attempt',
      pattern,
      names: ({ id, aliases }: AttemptDescription) => [id, ...aliases],
    })),
  ];
  const chosen = options.map(({ option, pattern, names }) => {
    const ids = all.filter((one) => names(one).some((name) => matcher(pattern)(name))).map(({ id }) => id);
    if (ids.length === 0) {
      throw new Failure(
        'NOTHING_SELECTED',
        `${option} ${pattern}: the reports have nothing of that name`,
        'Leave it out.',
      );
    }
    return { option, ids };
  });
  const meant = (name: string) => {
    const named = chosen.filter(({ option }) => option === name);
    return named.length === 0 ? undefined : new Set(named.flatMap(({ ids }) => ids));
  };
  const [suites, attempts] = [meant('--suite'), meant('--attempt')];
  const both = new Set([...(suites ?? attempts ?? [])].filter((id) => (attempts ?? suites)?.has(id)));
  if (both.size === 0) {
    throw new Failure('NOTHING_SELECTED', '--suite and --attempt have nothing in common', 'Leave one of them out.');
  }
  return both;
}

/** @throws Failure NOTHING_SELECTED where both were asked nothing in common */
function checkCommon(before: ConfigurationResult, after: ConfigurationResult): void {
  const ids = new Set(before.attempts.map(({ id }) => id));
  if (!after.attempts.some(({ id }) => ids.has(id))) {
    throw new Failure(
      'NOTHING_SELECTED',
      'BEFORE and AFTER have no attempt in common: there is nothing to compare',
      'Audit both with the same --suite and --attempt, or name the folders instead of their reports.',
    );
  }
}

async function show(comparison: Comparison, files: readonly string[], json: boolean): Promise<void> {
  if (json) {
    process.stdout.write(`${JSON.stringify(comparison)}\n`);
    return;
  }
  const columns = process.stdout.columns ?? 80;
  process.stdout.write(`${renderComparisonTerminal(comparison, { columns, colour: colourOn(process.stdout) })}\n`);
  for (const file of files) {
    process.stdout.write(`  ${relative(process.cwd(), file) || file}\n`);
  }
}

/** Compares, writes and prints, and returns the exit status. @throws Failure, before anything is started for bad input */
export async function compareCommand(before: string, after: string, options: CompareOptions): Promise<number> {
  const modes = {
    BEFORE: checkMode(options.modeBefore, '--mode-before'),
    AFTER: checkMode(options.modeAfter, '--mode-after'),
  };
  const read = async (side: SideName, argument: string) => readSide(side, argument, modes[side]);
  const sides: [Sided, Sided] = [await read('BEFORE', before), await read('AFTER', after)];
  const folder = resolve(options.reportDir);
  const compared = await bothSides(sides, options, folder);
  const comparison = compare(compared.before, compared.after, {
    version,
    command: ['relayproof', ...process.argv.slice(2)],
    at: new Date(),
  });
  const files = await writeDrawn(drawComparison(comparison, folder), folder, VERDICT_FILE);
  process.stderr.write(`took ${duration(performance.now())}\n`);
  await show(comparison, [...files, ...compared.files], options.json ?? false);
  return comparison.exitStatus;
}

/** The verdict of an earlier comparison must not stand there while this one goes on. */
async function clear(folder: string): Promise<void> {
  for (const name of comparisonFiles) {
    const path = join(folder, name);
    await rm(path, { force: true }).catch((error: NodeJS.ErrnoException) => {
      const why = `${visible(path)}: it cannot be removed (${error.code ?? error.message})`;
      throw new Failure('REPORT_NOT_WRITABLE', why, 'Name another folder with --report-dir.', { cause: error });
    });
  }
}

async function bothSides(
  [before, after]: [Sided, Sided],
  options: CompareOptions,
  folder: string,
): Promise<{ before: CompareSide; after: CompareSide; files: string[] }> {
  if (isReport(before) && isReport(after)) {
    const wanted = wantedOf(options, [before, after]);
    const one = narrowed(before, wanted);
    const other = narrowed(after, wanted);
    checkCommon(one.configuration, other.configuration);
    await clear(folder);
    return {
      before: reportedSide(one, other.configuration, 'before'),
      after: reportedSide(other, one.configuration, 'after'),
      files: [],
    };
  }
  const toAudit = [
    ...(isReport(before) ? [] : [named(before, after, 'before')]),
    ...(isReport(after) ? [] : [named(after, before, 'after')]),
  ];
  const reported = [before, after].find(isReport);
  if (reported && (await realpath(reported.file)) === join(await realOrSame(folder), 'report.json')) {
    throw new Failure(
      'USAGE',
      `${visible(reported.source)}: the audit of the other side would be written over this report`,
      'Name another folder with --report-dir.',
    );
  }
  const sources = [before, after].filter((side) => !isReport(side)).map(({ source }) => source);
  await prepareReportFolder(folder);
  await clear(folder);
  const { report, names, files } = await auditBoth(toAudit, reported, sources, options);
  const [first = '', last = first] = names;
  return {
    before: isReport(before) ? reportedSide(before, { name: last }, 'before') : audited(report, first, before.source),
    after: isReport(after) ? reportedSide(after, { name: first }, 'after') : audited(report, last, after.source),
    files,
  };
}
