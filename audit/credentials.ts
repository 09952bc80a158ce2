/** Users and passwords, as the credentials of scenes call for them. */
import type { AuthStep, Credential } from '../suites/scene.ts';
import type { Performance } from './performance.ts';

/** Longer than any field that sendmail, Cyrus SASL or Dovecot keep for a name. */
const OVERLONG = 4_000;

/** Whether the credential is one that earns a right. */
export const isRight = (credential: string): boolean => credential === 'right-password';

export function userOf(performance: Performance, credential: Credential): string {
  const { account, token } = performance;
  switch (credential) {
    case 'unknown-user':
      return `nobody-${token}`;
    case 'empty-user':
      return '';
    case 'foreign-realm':
      return `${account}@elsewhere.example`;
    case 'overlong-user':
      return account.padEnd(OVERLONG, 'x');
    case 'nul-in-user':
      return `${account}\0${token}`;
    case 'upper-case-user':
      return account.toUpperCase();
    case 'own-realm':
      return `${account}@${performance.target.hostName}`;
    default:
      return account;
  }
}

export function passwordOf(performance: Performance, credential: Credential): string {
  const { target, account, other, token } = performance;
  switch (credential) {
    case 'wrong-password':
    case 'unknown-user':
      // Backwards: what is masked as a password must not be the token, by which the evidence is read.
      return `wrong-${[...token].reverse().join('')}`;
    case 'empty-password':
      return '';
    case 'another-users-password':
      return target.password(other);
    default:
      return target.password(account);
  }
}

export type Login = {
  user: string;
  password: string;
  /** DIGEST-MD5 has a field of its own for the realm. */
  realm?: string;
};

/** What a client gives in an AUTH step. */
export function loginOf(performance: Performance, { mechanism, with: credential }: AuthStep): Login {
  if (typeof credential === 'object') {
    return { user: performance.fill(credential.user), password: performance.fill(credential.password) };
  }
  const password = passwordOf(performance, credential);
  const user = userOf(performance, credential);
  if (credential === 'foreign-realm' && mechanism === 'DIGEST-MD5') {
    const [name = '', realm = ''] = user.split('@');
    return { user: name, password, realm };
  }
  return { user, password };
}
