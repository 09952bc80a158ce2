import { describe, expect, test } from 'vitest';
import { loginOf } from './credentials.ts';
import type { Performance } from './performance.ts';

const performance = {
  account: 'alice',
  other: 'bob',
  token: 'rp0123456789abcdef',
  fill: (template: string) => template.replaceAll('{account}', 'alice'),
  target: { hostName: 'mail.hosting.example', password: (account: string) => `secret-of-${account}` },
} as unknown as Performance;

describe('the login of an AUTH step', () => {
  test.each([
    ['right-password', { user: 'alice', password: 'secret-of-alice' }],
    ['another-users-password', { user: 'alice', password: 'secret-of-bob' }],
    ['empty-password', { user: 'alice', password: '' }],
    ['empty-user', { user: '', password: 'secret-of-alice' }],
    ['foreign-realm', { user: 'alice@elsewhere.example', password: 'secret-of-alice' }],
    ['own-realm', { user: 'alice@mail.hosting.example', password: 'secret-of-alice' }],
  ] as const)('with %s', (credential, login) => {
    expect(loginOf(performance, { mechanism: 'PLAIN', with: credential })).toEqual(login);
  });

  test('has the realm in a field of its own where the mechanism has one', () => {
    expect(loginOf(performance, { mechanism: 'DIGEST-MD5', with: 'foreign-realm' })).toEqual({
      user: 'alice',
      password: 'secret-of-alice',
      realm: 'elsewhere.example',
    });
  });

  test('may be one that everybody knows', () => {
    const published = { user: '{account}', password: '{account}' };
    expect(loginOf(performance, { mechanism: 'PLAIN', with: published })).toEqual({ user: 'alice', password: 'alice' });
  });

  test('with a wrong password does not make the token a secret, which is masked in the evidence', () => {
    const { password } = loginOf(performance, { mechanism: 'PLAIN', with: 'wrong-password' });
    expect(password.length).toBeGreaterThan(8);
    expect(password).not.toContain(performance.token.slice(0, 8));
  });
});
