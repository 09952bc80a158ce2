/** The harness's own tests. `unit` needs nothing but Node, `browser` Chromium; `lab` needs the engine and takes minutes. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['{audit,bin,ci,cli,clients,containers,readiness,reports,suites}/**/*.test.{ts,tsx,js}'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        root,
        test: {
          name: 'browser',
          include: ['tests/browser/*.browser.ts'],
          testTimeout: 60_000,
          // Chromium may have to be installed.
          hookTimeout: 600_000,
        },
      },
      {
        root,
        test: {
          name: 'lab',
          include: ['tests/**/*.lab.ts'],
          // Each file has a lab of its own; two processors bear one at a time.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
