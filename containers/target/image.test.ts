import { expect, test } from 'vitest';
import { Failure } from '../../audit/failure.ts';
import { ofOldRelease } from './image.ts';
import { releaseOf } from './releases.ts';

const load = '  docker load -i FILE && docker tag NAME relayproof/base:bullseye';
const failure = new Failure('NO_IMAGE', 'Pulling: no. Bootstrapping: no', `Give access\n${load}`, {
  output: ['E: 404'],
});

test('where an old release cannot be had, it says what else there is to do, and each thing once', () => {
  const { code, message, advice, output, exitStatus } = ofOldRelease(failure, releaseOf('8.15'));
  expect([code, message, output, exitStatus]).toEqual(['NO_IMAGE', failure.message, ['E: 404'], 78]);
  expect(advice.split('\n')).toEqual([
    'Give access',
    load,
    expect.stringContaining('Debian bullseye, which sendmail 8.15.2 comes from'),
    'Without --sendmail 8.15 the audit runs sendmail 8.18.1.',
  ]);
});

test('the newest is nothing that a mirror lacks', () => {
  expect(ofOldRelease(failure, releaseOf('8.18'))).toBe(failure);
});
