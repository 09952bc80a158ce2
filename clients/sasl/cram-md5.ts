import { createHmac } from 'node:crypto';
import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** CRAM-MD5: the user, and the challenge under HMAC-MD5 with the password as the key (RFC 2195 section 2). */
export function createCramMd5({ user, password }: SaslCredentials): SaslMechanism {
  let answered = false;
  return {
    name: 'CRAM-MD5',
    respond: (challenge) => {
      if (answered) throw new SaslError('CRAM-MD5', 'a second challenge');
      if (challenge.length === 0) throw new SaslError('CRAM-MD5', 'an empty challenge');
      answered = true;
      return Buffer.from(`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`, 'utf8');
    },
    secrets: [password],
  };
}
