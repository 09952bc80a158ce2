/** `relayproof audit … --explain ATTEMPT…`: a few attempts on one configuration, with the rules' own trace. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Explanation, explainResults } from '../audit/explain.ts';
import { Failure } from '../audit/failure.ts';
import { means } from '../audit/plan.ts';
import { type AuditRequest, DEFAULT_REPORT_DIRECTORY, readConfigurations } from '../audit/request.ts';
import { Run } from '../audit/run.ts';
import { answerSignals } from '../audit/signals.ts';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { renderExplanation } from '../reports/explanation.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { type AuditOptions, requestOf } from './audit-command.ts';
import { colourOn } from './print-failure.ts';

const MOST = 10;

/** Finds mistakes before anything is started. */
async function check(request: AuditRequest, patterns: readonly string[]): Promise<void> {
  if (request.attempts.length > 0 || request.suites.length > 0) {
    throw new Failure('USAGE', '--explain: it names the attempts itself', 'Leave --attempt and --suite out.');
  }
  if (request.image !== undefined) {
    throw new Failure('USAGE', '--explain: it cannot look into somebody’s own image', 'Leave --image out.');
  }
  if (request.baseline !== undefined) {
    throw new Failure('USAGE', '--explain: it compares with no earlier report', 'Leave --baseline and --gate out.');
  }
  if (request.configurations.length === 0) {
    throw new Failure(
      'USAGE',
      '--explain: no configuration is named',
      'Name a folder, or one bundled configuration, before --explain.',
    );
  }
  const read = await readConfigurations(request);
  if (read.length !== 1) {
    const names = read
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ');
    throw new Failure(
      'USAGE',
      `--explain: it is for one configuration, and ${read.length} are named (${names}${read.length > 3 ? ', …' : ''})`,
      'Name one of them.',
    );
  }
  const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);
  for (const pattern of patterns) {
    if (!attempts.some((attempt) => means(pattern, attempt))) {
      const near =
        attempts.find(({ id }) => id.endsWith(`/${pattern}`)) ?? attempts.find(({ id }) => id.includes(pattern));
      throw new Failure(
        'NOTHING_SELECTED',
        `--explain ${pattern}: there is no attempt of that name${near ? `; is ${near.id} meant?` : ''}`,
        '"relayproof list attempts" shows them all; "*" stands for anything.',
      );
    }
  }
  const selected = attempts.filter((attempt) => patterns.some((pattern) => means(pattern, attempt)));
  if (selected.length > MOST) {
    throw new Failure(
      'USAGE',
      `--explain: ${patterns.join(' ')} selects ${selected.length} attempts, and at most ${MOST} can be explained at once`,
      'Name fewer; without --explain, the audit shows all of them in short.',
    );
  }
}

/** A control is asked what is asked for, and not what flags it. */
function asSubject({ control, ...configuration }: Configuration): Configuration {
  return control ? { ...configuration, role: 'subject' } : configuration;
}

/** Performs the attempts, prints why each ended as it did, and returns the exit status. */
export async function explain(
  configurations: string[],
  patterns: readonly string[],
  options: AuditOptions,
): Promise<number> {
  const request = requestOf(configurations, options);
  await check(request, patterns);
  const kept = options.reportDir !== DEFAULT_REPORT_DIRECTORY;
  const reportDirectory = kept ? request.reportDirectory : await mkdtemp(join(tmpdir(), 'relayproof-explain-'));
  const explained = new Map<string, Explanation>();
  try {
    const run = await Run.begin({
      request: { ...request, attempts: [...patterns], reportDirectory },
      hooks: {
        configurations: (list) => list.map(asSubject),
        whenJudged: async (target, performed) => {
          for (const one of await explainResults(target, performed)) {
            explained.set(one.attempt.id, one);
          }
        },
      },
    });
    answerSignals(run);
    await Promise.all([...run.audit.trials.keys()].map((name) => run.audit.results(name)));
    const report = await run.finish();
    const [planned] = run.audit.plan.configurations;
    const [configuration] = report.configurations;
    const failure = [...run.audit.trials.values()].find((trial) => trial.failure)?.failure;
    if (failure) {
      throw failure;
    }
    const explanations = (planned?.attempts ?? []).flatMap((attempt): Explanation[] => {
      const result = configuration?.attempts.find(({ id }) => id === attempt.id);
      const one = explained.get(attempt.id);
      // The result of the report: waivers have been applied to it.
      return result ? [{ attempt, result, rules: one?.rules ?? { none: `It was not tried: ${result.reason}` } }] : [];
    });
    print(explanations, options.json ?? false);
    return report.exitStatus;
  } finally {
    if (!kept) {
      await rm(reportDirectory, { recursive: true, force: true });
    }
  }
}

function print(explanations: readonly Explanation[], json: boolean): void {
  if (json) {
    const list = explanations.map(({ attempt, result, rules }) => {
      const { id, title, requirement, level, effect, remedy, clauses } = attempt;
      return { id, title, requirement, level, effect, remedy, clauses, result, rules };
    });
    process.stdout.write(`${JSON.stringify(list)}\n`);
    return;
  }
  const options = { columns: process.stdout.columns ?? 80, colour: colourOn(process.stdout) };
  process.stdout.write(explanations.map((one) => renderExplanation(one, options)).join('\n'));
}
