/** Makes vitest's tests of a suite: an attempt is a test, a configuration a group of them. */
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import type { Suite } from '../../suites/attempt.ts';
import { testNameOf } from '../test-name.ts';
import type { BatchAnswer } from './batch-service.ts';
import type { Provided } from './provided.ts';

async function ask(provided: Provided, configuration: string, suite: string): Promise<BatchAnswer> {
  const query = new URLSearchParams({ configuration, suite });
  const response = await fetch(`${provided.url}/batch?${query}`, { headers: { authorization: provided.secret } });
  if (!response.ok) {
    throw new Error(`the run does not answer: ${await response.text()}`);
  }
  return (await response.json()) as BatchAnswer;
}

/** Registers the tests of a suite for every configuration of the run. */
export function registerSuite(suite: Suite): void {
  const provided = inject('relayproof');
  const batches = new Map<string, Promise<BatchAnswer>>();
  const planned = provided.configurations
    .map((configuration) => ({
      ...configuration,
      tests: suite.attempts.filter((attempt) => configuration.attempts.includes(attempt.id)),
    }))
    .filter(({ tests }) => tests.length > 0);

  // All batches are asked for at once: the run decides how many targets the machine can bear.
  beforeAll(() => {
    for (const { name } of planned) {
      const batch = ask(provided, name, suite.name);
      batch.catch(() => {});
      batches.set(name, batch);
    }
  });
  afterAll(() => batches.clear());

  for (const { name, control, mustFlag, tests } of planned) {
    describe(name, () => {
      for (const attempt of tests) {
        const meta = { relayproof: { configuration: name, attempt: attempt.id } };
        test(testNameOf(attempt), { meta }, async ({ skip }) => {
          const result = (await batches.get(name))?.find((one) => one.id === attempt.id);
          if (!result) {
            throw new Error(`no result: ${attempt.id} was not performed on ${name}`);
          }
          if (result.verdict === 'not-applicable' || result.verdict === 'waived') {
            skip(`${result.verdict}: ${result.reason}`);
          }
          const observed = `observed ${result.observed}${result.phase ? ` (${result.phase})` : ''}: ${result.reason}`;
          if (control) {
            if (mustFlag.includes(attempt.id) && result.verdict !== 'fail') {
              throw new Error(`this control's fault was not detected; ${observed}`);
            }
            return;
          }
          if (result.verdict === 'fail' && attempt.level !== 'must') {
            return;
          }
          if (result.verdict !== 'pass') {
            const what = result.verdict === 'fail' ? attempt.effect : 'inconclusive';
            throw new Error(
              `${what}: expected ${result.expected}, ${observed}\n${attempt.requirement}\n${attempt.remedy}`,
            );
          }
        });
      }
    });
  }
}
