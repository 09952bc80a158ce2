/** `npx vitest run` audits, like `npm start`: a suite is a file, an attempt is a test. The harness's own tests: tests/. */
import { defineConfig } from 'vitest/config';
import { RunReporter } from './audit/vitest/run-reporter.ts';

export default defineConfig({
  test: {
    name: 'suites',
    include: ['suites/**/*.suite.ts'],
    globalSetup: ['./audit/vitest/global-setup.ts'],
    reporters: ['default', new RunReporter()],
    pool: 'threads',
    // Suites wait for targets together, and a target goes when the last of them is done with it: each needs a worker.
    isolate: false,
    maxWorkers: 6,
    // The run has deadlines of its own, and no result may be retried into another.
    testTimeout: 0,
    hookTimeout: 0,
    retry: 0,
    watch: false,
  },
});
