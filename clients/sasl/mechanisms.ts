import { createAnonymous } from './anonymous.ts';
import { createCramMd5 } from './cram-md5.ts';
import { createDigestMd5 } from './digest-md5.ts';
import { createExternal } from './external.ts';
import { createLogin } from './login.ts';
import type { SaslCredentials, SaslMechanism } from './mechanism.ts';
import { createPlain } from './plain.ts';
import { createScramSha1, createScramSha256 } from './scram.ts';

const creators = {
  PLAIN: createPlain,
  LOGIN: createLogin,
  'CRAM-MD5': createCramMd5,
  'DIGEST-MD5': createDigestMd5,
  'SCRAM-SHA-1': createScramSha1,
  'SCRAM-SHA-256': createScramSha256,
  ANONYMOUS: createAnonymous,
  EXTERNAL: createExternal,
} as const satisfies Record<string, (credentials: SaslCredentials) => SaslMechanism>;

export type MechanismName = keyof typeof creators;

/** The mechanisms that the clients can run, by their registered names. */
export const mechanismNames = Object.keys(creators) as MechanismName[];

/** Whether a name, in upper case as servers list it, is one that the clients can run. */
export function isMechanismName(name: string): name is MechanismName {
  return Object.hasOwn(creators, name);
}

/** The client's side of one exchange; a new one for each login. */
export function createMechanism(name: MechanismName, credentials: SaslCredentials): SaslMechanism {
  return creators[name](credentials);
}
