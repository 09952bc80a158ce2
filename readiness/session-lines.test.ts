/** The readers of bytes against the same as regular expressions, which are slower and can be read. */
import { expect, test } from 'vitest';
import { randomNumbers } from '../tests/readiness/mail-log.ts';
import { addressText, canonicalAddress } from './address.ts';
import { AuthLine, TlsLine } from './session-lines.ts';

const client = 'relay=(?:[^\\s,]+ )?\\[(?<address>[^\\]\\s]+)\\](?: \\(may be forged\\))?';
const authPattern = new RegExp(`^${client}, authid=(?<user>.*), mech=(?<mechanism>[^,\\s]*), bits=\\d+$`, 's');
const tlsPattern = new RegExp(`^${client}, version=(?<version>[^,\\s]+)`);

const before = 'AUTH=server, ';
const bytesOf = (line: string) => Buffer.from(`${before}${line}\n, mech=PLAIN, bits=0`);
const endOf = (line: string) => before.length + Buffer.byteLength(line);

function authByBytes(line: string) {
  const bytes = bytesOf(line);
  const auth = new AuthLine();
  if (!auth.read(bytes, before.length, endOf(line))) return undefined;
  return {
    address: addressText(auth.address),
    user: bytes.toString('utf8', auth.user, auth.userEnd),
    mechanism: bytes.toString('utf8', auth.mechanism, auth.mechanismEnd),
  };
}

function authByPattern(line: string) {
  const { address, user, mechanism } = authPattern.exec(line)?.groups ?? {};
  const from = address === undefined ? undefined : canonicalAddress(address);
  return from === undefined ? undefined : { address: from, user, mechanism };
}

function tlsByBytes(line: string) {
  const bytes = bytesOf(line);
  const tls = new TlsLine();
  if (!tls.read(bytes, before.length, endOf(line))) return undefined;
  return { address: addressText(tls.address), version: bytes.toString('utf8', tls.version, tls.versionEnd) };
}

function tlsByPattern(line: string) {
  const { address, version } = tlsPattern.exec(line)?.groups ?? {};
  const from = address === undefined ? undefined : canonicalAddress(address);
  return from === undefined ? undefined : { address: from, version };
}

const pieces = [
  'relay=',
  'host.example.net ',
  '[198.51.100.7]',
  '[IPv6:2001:db8::7]',
  ' (may be forged)',
  ', authid=',
  'alice',
  'ünal',
  ', mech=',
  'PLAIN',
  ', bits=',
  '0',
  ', mech=LOGIN, bits=0',
  ', version=',
  'TLSv1.3',
  ', verify=NO',
  ',',
  ' ',
  '[',
  ']',
];

const lineOf = (random: () => number, start: string) => {
  let line = random() < 0.7 ? start : '';
  const parts = Math.floor(random() * 9);
  for (let part = 0; part < parts; part++) line += pieces[Math.floor(random() * pieces.length)];
  return line;
};

test('AUTH: 20,000 lines made of pieces are read as the pattern reads them', () => {
  const random = randomNumbers(3);
  let found = 0;
  for (let count = 0; count < 20_000; count++) {
    const line = lineOf(random, 'relay=host.example.net [198.51.100.7], authid=alice');
    const expected = authByPattern(line);
    if (expected !== undefined) found++;
    expect(authByBytes(line), line).toEqual(expected);
  }
  expect(found).toBeGreaterThan(300);
});

test('STARTTLS: 20,000 lines made of pieces are read as the pattern reads them', () => {
  const random = randomNumbers(4);
  let found = 0;
  for (let count = 0; count < 20_000; count++) {
    const line = lineOf(
      random,
      random() < 0.5 ? 'relay=[2001:db8::7], version=' : 'relay=host.example.net [198.51.100.7]',
    );
    const expected = tlsByPattern(line);
    if (expected !== undefined) found++;
    expect(tlsByBytes(line), line).toEqual(expected);
  }
  expect(found).toBeGreaterThan(300);
});

test('a name that looks like the rest of the line is a name', () => {
  const line = 'relay=[198.51.100.7], authid=a, mech=LOGIN, bits=0, authid=b, mech=PLAIN, bits=0';
  expect(authByBytes(line)).toEqual({
    address: '198.51.100.7',
    user: 'a, mech=LOGIN, bits=0, authid=b',
    mechanism: 'PLAIN',
  });
});
