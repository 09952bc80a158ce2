/** Begins the run when vitest is about to execute suites, unless the command line has begun it. */
import type { TestProject } from 'vitest/node';
import { shared } from '../current-run.ts';
import { asFailure } from '../failure.ts';
import { requestFromEnvironment } from '../request.ts';
import { Run } from '../run.ts';
import { answerSignals } from '../signals.ts';
import type {} from './provided.ts';

async function begin(project: TestProject): Promise<Run> {
  const { suiteFiles } = shared();
  const pattern = project.vitest.config.testNamePattern;
  try {
    return await Run.begin({
      request: requestFromEnvironment(process.env, ['vitest', ...process.argv.slice(2)]),
      ...(suiteFiles ? { suiteFiles } : {}),
      ...(pattern ? { testName: (name: string) => pattern.test(name) } : {}),
    });
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

export async function setup(project: TestProject): Promise<void> {
  let { run } = shared();
  if (!run) {
    run = await begin(project);
    shared().run = run;
    answerSignals(run);
  }
  project.provide('relayproof', {
    url: run.service.url,
    secret: run.service.secret,
    configurations: run.audit.plan.configurations.map(({ configuration, attempts, detectedBy, mustPass }) => ({
      name: configuration.name,
      control: configuration.role === 'control',
      attempts: attempts.map((attempt) => attempt.id),
      mustFlag: detectedBy,
      mustPass,
    })),
  });
}
