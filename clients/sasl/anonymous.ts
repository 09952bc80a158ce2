import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** ANONYMOUS: trace text and no credential (RFC 4505). A relay must not take it for a login. */
export function createAnonymous({ user }: SaslCredentials): SaslMechanism {
  return {
    name: 'ANONYMOUS',
    initial: () => Buffer.from(user, 'utf8'),
    respond: () => {
      throw new SaslError('ANONYMOUS', 'a challenge after the only message');
    },
    secrets: [],
  };
}
