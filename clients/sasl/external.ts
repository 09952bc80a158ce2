import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** EXTERNAL: the identity comes from the TLS certificate; the message says only whom to act as (RFC 4422 appendix A). */
export function createExternal({ user, authorizeAs }: SaslCredentials): SaslMechanism {
  return {
    name: 'EXTERNAL',
    initial: () => Buffer.from(authorizeAs ?? user, 'utf8'),
    respond: () => {
      throw new SaslError('EXTERNAL', 'a challenge after the only message');
    },
    secrets: [],
  };
}
