/**
 * Makes vitest's tests of a suite: an attempt is a test, a configuration a group of them. The main process knows the
 * attempts and says which there are: a worker that imported the suites would do all of their work once more, on the
 * processors that the targets need.
 */
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import type { Provided } from './provided.ts';
import type { TestOutcome } from './test-outcome.ts';

/** Asks without a deadline, which fetch() has: the run has its own. */
function ask(provided: Provided, configuration: string): Promise<Map<string, TestOutcome>> {
  const url = new URL(`/results?${new URLSearchParams({ configuration })}`, provided.url);
  return new Promise((resolve, reject) => {
    get(url, { headers: { authorization: provided.secret }, agent: false }, async (response) => {
      const body = await json(response);
      if (response.statusCode === 200) {
        resolve(new Map((body as TestOutcome[]).map((outcome) => [outcome.id, outcome])));
      } else {
        reject(new Error(`the run does not answer: ${String(body)}`));
      }
    }).on('error', (error) => reject(new Error(`the run is gone: ${error.message}`)));
  });
}

/** Registers the tests of a suite, by its name, for every configuration of the run. */
export function registerSuite(suite: string): void {
  const provided = inject('relayproof');
  const answers = new Map<string, ReturnType<typeof ask>>();
  const planned = provided.configurations.flatMap(({ name, suites }) => {
    const tests = suites[suite];
    return tests === undefined ? [] : [{ name, tests }];
  });

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
  });
  afterAll(() => answers.clear());

  for (const { name, tests } of planned) {
    describe(name, () => {
      for (const { id, testName } of tests) {
        test(testName, { meta: { relayproof: { configuration: name, attempt: id } } }, async ({ skip }) => {
          const outcome = (await answers.get(name))?.get(id);
          if (outcome === undefined) {
            throw new Error(`no result: ${id} was not performed on ${name}`);
          }
          if (outcome.skipped !== undefined) {
            skip(outcome.skipped);
          }
          if (outcome.failure !== undefined) {
            throw new Error(outcome.failure);
          }
        });
      }
    });
  }
}
