/** Makes vitest's tests of a suite: an attempt is a test, a configuration a group of them. */
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { showsNoOtherFault } from '../../reports/verdict.ts';
import type { Suite } from '../../suites/attempt.ts';
import { readCatalogue } from '../../suites/catalogue.ts';
import { testNameOf } from '../test-name.ts';
import type { Provided } from './provided.ts';
import type { ResultAnswer } from './result-service.ts';

/** Asks without a deadline, which fetch() has: the run has its own. */
function ask(provided: Provided, configuration: string): Promise<ResultAnswer> {
  const url = new URL(`/results?${new URLSearchParams({ configuration })}`, provided.url);
  return new Promise((resolve, reject) => {
    get(url, { headers: { authorization: provided.secret }, agent: false }, async (response) => {
      const body = await json(response);
      if (response.statusCode === 200) {
        resolve(body as ResultAnswer);
      } else {
        reject(new Error(`the run does not answer: ${String(body)}`));
      }
    }).on('error', (error) => reject(new Error(`the run is gone: ${error.message}`)));
  });
}

/** Registers the tests of a suite for every configuration of the run. */
export function registerSuite(suite: Suite): void {
  const provided = inject('relayproof');
  const answers = new Map<string, Promise<ResultAnswer>>();
  const planned = provided.configurations
    .map((configuration) => ({
      ...configuration,
      tests: suite.attempts.filter((attempt) => configuration.attempts.includes(attempt.id)),
    }))
    .filter(({ tests }) => tests.length > 0);

  if (planned.length === 0) {
    // A file without any test is an error to vitest; this one merely has nothing to do.
    test.skip('nothing of this suite is selected');
    return;
  }

  // All configurations are asked for at once: the run decides how many targets the machine can bear.
  beforeAll(() => {
    for (const { name } of planned) {
      const answer = ask(provided, name);
      answer.catch(() => {});
      answers.set(name, answer);
    }
    // Files follow one another in one worker: while the first waits for the run, what the others import is made ready.
    readCatalogue().catch(() => {});
  });
  afterAll(() => answers.clear());

  for (const { name, control, mustFlag, mustPass, tests } of planned) {
    describe(name, () => {
      for (const attempt of tests) {
        const meta = { relayproof: { configuration: name, attempt: attempt.id } };
        test(testNameOf(attempt), { meta }, async ({ skip }) => {
          const results = (await answers.get(name)) ?? [];
          const result = results.find((one) => one.id === attempt.id);
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
            if (mustPass.includes(attempt.id) && !showsNoOtherFault(result, results, mustFlag)) {
              throw new Error(`this control has another fault than its own; ${observed}`);
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
