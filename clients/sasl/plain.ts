import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** PLAIN: identity to act as, user and password in one message (RFC 4616). */
export function createPlain({ user, password, authorizeAs = '' }: SaslCredentials): SaslMechanism {
  return {
    name: 'PLAIN',
    initial: () => Buffer.from(`${authorizeAs}\0${user}\0${password}`, 'utf8'),
    respond: () => {
      throw new SaslError('PLAIN', 'a challenge after the only message');
    },
    secrets: [password],
  };
}
