import { expect, test } from 'vitest';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { parsePolicy } from '../containers/configurations/policy.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { EXIT, Failure } from './failure.ts';
import { checkWaivedAttempts } from './waived-attempts.ts';

const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);

const configuration = (...waived: string[]): Configuration => {
  const text = `mode: both\nwaivers:\n${waived.map((one) => `  - attempt: "${one}"\n    reason: r\n    expires: 2027-01-31\n`).join('')}`;
  return {
    name: 'mine',
    role: 'subject',
    title: '',
    folder: '/srv/mine',
    files: new Map([['relayproof.yaml', { content: Buffer.from(text) }]]),
    policy: parsePolicy(text, 'x'),
  };
};

test.each(['transport/plaintext-auth-plain', 'transport/*', 'nmap', '*'])('%s names attempts', (pattern) => {
  expect(() => checkWaivedAttempts([configuration(pattern)], attempts)).not.toThrow();
});

test('what names none is an error with its place, for each of them, and the nearest id', () => {
  const mine = configuration('transport/plaintext-auth-plian', 'transport/starttls', 'no-such-thing-at-all/*');
  let failure: unknown;
  try {
    checkWaivedAttempts([mine], attempts);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    exitStatus: EXIT.configuration,
    message:
      '/srv/mine/relayproof.yaml:3:14: waivers.0.attempt: there is no attempt transport/plaintext-auth-plian: did you mean transport/plaintext-auth-plain?',
    output: ['/srv/mine/relayproof.yaml:9:14: waivers.2.attempt: there is no attempt no-such-thing-at-all/*'],
  });
});
