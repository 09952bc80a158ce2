import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const names = ['both', 'both-procmail', 'smtp-auth', 'transport/plaintext-auth-plain', 'transport/starttls'];

test.each([
  ['both', 'both'],
  ['boht', 'both'],
  ['BOTH', 'both'],
  ['both-procmial', 'both-procmail'],
  ['smtpauth', 'smtp-auth'],
  ['transport/plaintext-auth-plian', 'transport/plaintext-auth-plain'],
  ['transport/start-tls', 'transport/starttls'],
  ['', undefined],
  ['zzzzzzzzz', undefined],
  ['a-name-that-is-quite-another-one', undefined],
])('%j is most like %s', (word, name) => {
  expect(nearest(word, names)).toBe(name);
});
