/** Tells the workers what there is to test. Begins the run, unless the command line has begun it. */
import type { TestProject } from 'vitest/node';
import { shared } from '../current-run.ts';
import { testNameOf } from '../test-name.ts';
import type {} from './provided.ts';

export async function setup(project: TestProject): Promise<void> {
  // Vitest compiles what is imported here: all of the harness, which a run that has begun has loaded already.
  const run = shared().run ?? (await (await import('./begin-run.ts')).beginRun(project));
  shared().run = run;
  project.provide('relayproof', {
    url: run.service.url,
    secret: run.service.secret,
    configurations: run.audit.plan.configurations.map(({ configuration, attempts }) => {
      const suites: Record<string, { id: string; testName: string }[]> = {};
      for (const attempt of attempts) {
        suites[attempt.suite] ??= [];
        suites[attempt.suite]?.push({ id: attempt.id, testName: testNameOf(attempt) });
      }
      return { name: configuration.name, suites };
    }),
  });
}
