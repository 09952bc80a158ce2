import type { Vite } from 'vitest/node';
import { RunReporter } from './run-reporter.ts';

/**
 * Adds the reporter that ends the run, whatever reporters are asked for on the command line: without it nothing would
 * be judged, written or cleaned up.
 */
export function relayproof(): Vite.Plugin {
  return {
    name: 'relayproof',
    configureVitest({ vitest }) {
      vitest.config.reporters.push(new RunReporter());
    },
  };
}
