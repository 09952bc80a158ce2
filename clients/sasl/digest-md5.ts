import { createHash, randomBytes } from 'node:crypto';
import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** DIGEST-MD5 with `qop=auth`; the server proves itself with `rspauth`, which is checked (RFC 2831). */
export function createDigestMd5(credentials: SaslCredentials): SaslMechanism {
  const cnonce = credentials.clientNonce ?? randomBytes(18).toString('base64');
  let expected: string | undefined;
  let proven = false;
  return {
    name: 'DIGEST-MD5',
    respond: (challenge) => {
      const directives = parseDirectives(challenge.toString('utf8'));
      if (expected === undefined) {
        const answer = answerChallenge(directives, credentials, cnonce);
        expected = answer.rspauth;
        return answer.response;
      }
      if (proven) throw new SaslError('DIGEST-MD5', 'a challenge after the last');
      if (directives.get('rspauth')?.[0] !== expected) {
        throw new SaslError('DIGEST-MD5', 'the server does not know the password: rspauth is wrong');
      }
      proven = true;
      return Buffer.alloc(0);
    },
    unproven: () => (proven ? undefined : 'DIGEST-MD5: the server did not prove that it knows the password'),
    secrets: [credentials.password],
  };
}

/** Directives of a challenge: `realm` may come more than once (RFC 2831 section 2.1.1). */
export function parseDirectives(text: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  const pattern = /\s*([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)|\s*,|\s+$/gsy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new SaslError('DIGEST-MD5', 'the challenge is not a list of directives');
    const [, name, quoted, token] = match;
    if (name === undefined) continue;
    const value = quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/gs, '$1');
    const key = name.toLowerCase();
    directives.set(key, [...(directives.get(key) ?? []), value]);
  }
  return directives;
}

function answerChallenge(
  directives: ReadonlyMap<string, string[]>,
  { user, password, realm: wanted, host, service, authorizeAs }: SaslCredentials,
  cnonce: string,
): { response: Buffer; rspauth: string } {
  const nonces = directives.get('nonce') ?? [];
  const [nonce] = nonces;
  if (nonce === undefined || nonces.length !== 1) throw new SaslError('DIGEST-MD5', 'not exactly one nonce');
  if (directives.get('algorithm')?.join() !== 'md5-sess') throw new SaslError('DIGEST-MD5', 'not algorithm md5-sess');
  const offered = (directives.get('qop')?.join(',') ?? 'auth').split(',').map((qop) => qop.trim());
  if (!offered.includes('auth')) throw new SaslError('DIGEST-MD5', 'qop auth is not offered');

  const utf8 = directives.get('charset')?.[0]?.toLowerCase() === 'utf-8';
  const realm = wanted ?? directives.get('realm')?.[0];
  const uri = `${service}/${host}`;
  const nc = '00000001';
  const authzid = authorizeAs === undefined ? '' : `:${authorizeAs}`;

  const key = md5(Buffer.concat([hashed(user), colon, hashed(realm ?? ''), colon, hashed(password)]));
  const a1 = md5(Buffer.concat([key, Buffer.from(`:${nonce}:${cnonce}${authzid}`, 'utf8')])).toString('hex');
  const proof = (a2: string) =>
    md5(Buffer.from(`${a1}:${nonce}:${nc}:${cnonce}:auth:${md5(Buffer.from(a2)).toString('hex')}`)).toString('hex');

  const fields = [
    ...(utf8 ? ['charset=utf-8'] : []),
    `username=${quote(user)}`,
    ...(realm === undefined ? [] : [`realm=${quote(realm)}`]),
    `nonce=${quote(nonce)}`,
    `nc=${nc}`,
    `cnonce=${quote(cnonce)}`,
    `digest-uri=${quote(uri)}`,
    `response=${proof(`AUTHENTICATE:${uri}`)}`,
    'qop=auth',
    ...(authorizeAs === undefined ? [] : [`authzid=${quote(authorizeAs)}`]),
  ];
  return { response: Buffer.from(fields.join(','), utf8 ? 'utf8' : 'latin1'), rspauth: proof(`:${uri}`) };
}

const colon = Buffer.from(':');

/** Text that fits into ISO 8859-1 is hashed in it, even where the message itself is UTF-8 (RFC 2831 section 2.1.2.1). */
function hashed(text: string): Buffer {
  return Buffer.from(text, /^[\u0000-\u00ff]*$/.test(text) ? 'latin1' : 'utf8');
}

function md5(octets: Buffer): Buffer {
  return createHash('md5').update(octets).digest();
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
