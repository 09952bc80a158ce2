import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** A hostile server must not keep the harness busy: this many take about half a second. */
const MOST_ITERATIONS = 600_000;

/** SCRAM-SHA-1, without channel binding (RFC 5802). */
export function createScramSha1(credentials: SaslCredentials): SaslMechanism {
  return createScram('SCRAM-SHA-1', 'sha1', credentials);
}

/** SCRAM-SHA-256, without channel binding (RFC 7677). */
export function createScramSha256(credentials: SaslCredentials): SaslMechanism {
  return createScram('SCRAM-SHA-256', 'sha256', credentials);
}

function createScram(name: string, hash: 'sha1' | 'sha256', credentials: SaslCredentials): SaslMechanism {
  const nonce = credentials.clientNonce ?? randomBytes(18).toString('base64');
  const header = `n,${credentials.authorizeAs === undefined ? '' : `a=${escapeName(credentials.authorizeAs)}`},`;
  const firstBare = `n=${escapeName(credentials.user)},r=${nonce}`;
  let signature: string | undefined;
  let proven = false;

  return {
    name,
    initial: () => Buffer.from(header + firstBare, 'utf8'),
    respond: (challenge) => {
      const message = challenge.toString('utf8');
      if (proven) throw new SaslError(name, 'a challenge after the last');
      if (signature !== undefined) {
        if (message.startsWith('e=')) throw new SaslError(name, 'the server reports an error');
        if (message.split(',')[0] !== `v=${signature}`) {
          throw new SaslError(name, 'the server does not know the password: its signature is wrong');
        }
        proven = true;
        return Buffer.alloc(0);
      }
      const server = parseServerFirst(name, message, nonce);
      const salted = pbkdf2Sync(
        prepare(credentials.password),
        server.salt,
        server.iterations,
        hash === 'sha1' ? 20 : 32,
        hash,
      );
      const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
      const withoutProof = `c=${Buffer.from(header, 'utf8').toString('base64')},r=${server.nonce}`;
      const authMessage = `${firstBare},${message},${withoutProof}`;
      const clientKey = hmac(salted, 'Client Key');
      const clientSignature = hmac(createHash(hash).update(clientKey).digest(), authMessage);
      const proof = clientKey.map((octet, index) => octet ^ (clientSignature[index] ?? 0));
      signature = hmac(hmac(salted, 'Server Key'), authMessage).toString('base64');
      return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`, 'utf8');
    },
    unproven: () => (proven ? undefined : `${name}: the server did not prove that it knows the password`),
    secrets: [credentials.password],
  };
}

function parseServerFirst(name: string, message: string, clientNonce: string) {
  const match = /^r=([^,]+),s=([A-Za-z0-9+/=]+),i=([1-9]\d{0,8})(?:,.*)?$/s.exec(message);
  if (match === null) throw new SaslError(name, 'the first message of the server has not the form r=,s=,i=');
  const [, nonce = '', salt = '', count = ''] = match;
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) {
    throw new SaslError(name, "the server's nonce does not extend the client's");
  }
  const iterations = Number(count);
  if (iterations > MOST_ITERATIONS) throw new SaslError(name, `more than ${MOST_ITERATIONS} iterations`);
  return { nonce, salt: Buffer.from(salt, 'base64'), iterations };
}

function escapeName(text: string): string {
  return prepare(text).replace(/=/g, '=3D').replace(/,/g, '=2C');
}

/** SASLprep (RFC 4013) reduced to its normalisation: what it maps and forbids besides does not occur in our accounts. */
function prepare(text: string): string {
  return text.normalize('NFKC');
}
