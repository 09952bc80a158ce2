/** Begins the run that the environment describes: for `npx vitest run`, where no command line has begun it. */
import type { TestProject } from 'vitest/node';
import { shared } from '../current-run.ts';
import { asFailure } from '../failure.ts';
import { requestFromEnvironment } from '../request.ts';
import { Run } from '../run.ts';
import { answerSignals } from '../signals.ts';

/** Throws what vitest prints; the failure itself is kept. */
export async function beginRun(project: TestProject): Promise<Run> {
  const { suiteFiles } = shared();
  const pattern = project.vitest.config.testNamePattern;
  try {
    const run = await Run.begin({
      request: requestFromEnvironment(process.env, ['vitest', ...process.argv.slice(2)]),
      ...(suiteFiles ? { suiteFiles } : {}),
      ...(pattern ? { testName: (name: string) => pattern.test(name) } : {}),
    });
    answerSignals(run);
    return run;
  } catch (error) {
    shared().failure = error;
    const failure = asFailure(error);
    if (failure) {
      // Vitest prints the error; what to do about it belongs to it.
      throw new Error([failure.message, ...failure.output.map((line) => `  ${line}`), failure.advice].join('\n'));
    }
    throw error;
  }
}
