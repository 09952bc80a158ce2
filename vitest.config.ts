/** `npx vitest run` audits, like `npm start`: a suite is a file, an attempt is a test. The harness's own tests: tests/. */
import { defineConfig } from 'vitest/config';
import { relayproof } from './audit/vitest/plugin.ts';

export default defineConfig({
  plugins: [relayproof()],
  test: {
    name: 'suites',
    include: ['suites/**/*.suite.ts'],
    globalSetup: ['./audit/vitest/global-setup.ts'],
    pool: 'threads',
    // Tests only ask for results, and the run performs a configuration's attempts all in one go: one worker will do.
    isolate: false,
    maxWorkers: 1,
    // The run has deadlines of its own, and no result may be retried into another.
    testTimeout: 0,
    hookTimeout: 0,
    retry: 0,
    watch: false,
  },
});
