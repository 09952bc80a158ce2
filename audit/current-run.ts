/**
 * The run of this process. Vitest loads its configuration, its global setup and the command line through different
 * loaders, each with its own copy of a module; what they must share hangs on the process.
 */
import type { Run } from './run.ts';

const key = Symbol.for('relayproof.run');

type Shared = {
  run?: Run;
  /** Suites whose files vitest is about to run, by name. */
  suiteFiles?: string[];
  /** Why the run did not begin, or could not be ended. */
  failure?: unknown;
  /** What the command line wants to know. */
  onEnd?: (run: Run) => void;
};

export function shared(): Shared {
  const place = globalThis as { [key]?: Shared };
  place[key] ??= {};
  return place[key];
}
