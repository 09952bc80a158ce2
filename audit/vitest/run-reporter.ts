/** Ends the run when vitest has executed the suites: compares what ran with what was planned, and writes the report. */
import { basename } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason, TestSpecification } from 'vitest/node';
import { gateWords } from '../../reports/baseline-words.ts';
import { shared } from '../current-run.ts';
import { asFailure, EXIT } from '../failure.ts';
import type { Run } from '../run.ts';
import type {} from './provided.ts';

const suffix = '.suite.ts';

const messageOf = (error: { message?: string } | undefined) => error?.message ?? 'unknown error';

/**
 * Strikes out the results that no test of vitest's stands for, and says what else went wrong: a suite file that did not
 * run, a test that vanished or was skipped by somebody, a retry.
 */
export function compareWithPlan(
  run: Run,
  modules: readonly TestModule[],
  errors: readonly SerializedError[],
): string[] {
  const troubles = errors.map((error) => `vitest: ${messageOf(error)}`);
  const finished = new Map<string, TestCase>();
  for (const testModule of modules) {
    const failures = testModule.errors();
    for (const error of failures) {
      troubles.push(`${basename(testModule.moduleId)} did not run: ${messageOf(error)}`);
    }
    for (const testCase of testModule.children.allTests()) {
      const { relayproof } = testCase.meta();
      if (relayproof) {
        finished.set(`${relayproof.configuration} ${relayproof.attempt}`, testCase);
      }
    }
  }
  for (const trial of run.audit.trials.values()) {
    for (const [id, result] of trial.results) {
      const testCase = finished.get(`${trial.name} ${id}`);
      const state = testCase?.result().state;
      const skippedByUs = result.verdict === 'not-applicable' || result.verdict === 'waived';
      if (!testCase || state === 'pending' || (state === 'skipped' && !skippedByUs)) {
        trial.results.delete(id);
      }
      if (testCase?.diagnostic()?.flaky) {
        troubles.push(`${id} on ${trial.name} was retried into success`);
      }
    }
  }
  return troubles;
}

export class RunReporter implements Reporter {
  onTestRunStart(specifications: readonly TestSpecification[]): void {
    shared().suiteFiles = specifications.map(({ moduleId }) => basename(moduleId, suffix));
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const { run, failure, onEnd } = shared();
    if (!run) {
      setExitStatus(asFailure(failure)?.exitStatus ?? EXIT.inconclusive);
      return;
    }
    const troubles = compareWithPlan(run, modules, errors);
    if (reason === 'interrupted') {
      run.interrupt('the test run was interrupted');
    }
    try {
      const report = await run.finish(troubles);
      setExitStatus(report.exitStatus);
      onEnd?.(run);
      const gate = onEnd ? undefined : gateWords(report);
      if (gate) {
        // Vitest’s own view knows failed tests and no gate.
        process.stderr.write(`${gate.mark.glyph} ${gate.words}\n`);
      }
    } catch (error) {
      shared().failure = error;
      setExitStatus(asFailure(error)?.exitStatus ?? EXIT.inconclusive);
      process.stderr.write(`${messageOf(error as Error)}\n`);
    }
  }
}

/** Vitest has an exit status of its own for failed tests; the run's says more, and is set last. */
function setExitStatus(status: number): void {
  process.once('exit', () => {
    process.exitCode = status;
  });
}
