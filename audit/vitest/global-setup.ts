/** Begins the run when vitest is about to execute suites. */
import type { TestProject } from 'vitest/node';
import { shared } from '../current-run.ts';
import { Failure } from '../failure.ts';
import { requestFromEnvironment } from '../request.ts';
import { Run } from '../run.ts';
import type {} from './provided.ts';

/**
 * Vitest ends the process a millisecond after a signal. Containers take longer to remove, so the run answers signals
 * itself: it cleans up, writes the report of what there is, and ends as inconclusive.
 */
function answerSignals(run: Run): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (run.audit.interrupted) {
        return;
      }
      process.stderr.write(`\n${signal}: cleaning up\n`);
      run.interrupt(`interrupted by ${signal}`);
      run.finish().then(
        (report) => process.exit(report.exitStatus),
        (error: Error) => {
          process.stderr.write(`${error.message}\n`);
          process.exit(2);
        },
      );
    });
  }
}

export async function setup(project: TestProject): Promise<void> {
  const { suiteFiles } = shared();
  const pattern = project.vitest.config.testNamePattern;
  try {
    const run = await Run.begin({
      request: requestFromEnvironment(process.env, ['vitest', ...process.argv.slice(2)]),
      ...(suiteFiles ? { suiteFiles } : {}),
      ...(pattern ? { testName: (name: string) => pattern.test(name) } : {}),
      onEvent: (event) => shared().onEvent?.(event),
    });
    shared().run = run;
    answerSignals(run);
    shared().onBegin?.(run);
    project.provide('relayproof', {
      url: run.service.url,
      secret: run.service.secret,
      configurations: run.audit.plan.configurations.map(({ configuration, attempts, detectedBy }) => ({
        name: configuration.name,
        control: configuration.role === 'control',
        attempts: attempts.map((attempt) => attempt.id),
        mustFlag: detectedBy,
      })),
    });
  } catch (error) {
    shared().failure = error;
    if (error instanceof Failure) {
      // Vitest prints the error; what to do about it belongs to it.
      error.message = [error.message, ...error.output.map((line) => `  ${line}`), error.advice].join('\n');
    }
    throw error;
  }
}
