/** The reader of bytes against the same as a regular expression, which is slower and can be read. */
import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../tests/readiness/mail-log.ts';
import { dovecotLogin } from './dovecot-line.ts';

const address = '(?<address>[0-9A-Fa-f.:]+)(?:%\\w+)?';
const pattern = new RegExp(
  `^(?<user>.*?)(?:>, session=<[^<>]*)?>, (?:[^<>]*, )?rip=${address}, lip=(?<own>[0-9A-Fa-f.:]+)(?:, (?!.*, rip=).*)?$`,
  's',
);

type Found = { user: string; address: string; own: string } | undefined;

function byPattern(line: string): Found {
  const { user, address: from, own } = pattern.exec(line)?.groups ?? {};
  return user ? { user, address: from as string, own: own as string } : undefined;
}

function byBytes(line: string): Found {
  // Something stands before and behind it, as in a log.
  const bytes = Buffer.from(`user=<${line}\nrip=192.0.2.1, lip=192.0.2.2`);
  const spans = { user: 0, userEnd: 0, address: 0, addressEnd: 0, own: 0, ownEnd: 0 };
  if (!dovecotLogin(bytes, 6, 6 + Buffer.byteLength(line), spans)) return undefined;
  const text = (start: number, end: number) => bytes.toString('utf8', start, end);
  return {
    user: text(spans.user, spans.userEnd),
    address: text(spans.address, spans.addressEnd),
    own: text(spans.own, spans.ownEnd),
  };
}

const pieces = [
  'alice',
  '>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=28, TLS',
  '>, ',
  ', rip=',
  'rip=',
  '198.51.100.7',
  '2001:db8::7%eth0',
  ', lip=',
  '192.0.2.1',
  '>, session=<',
  'x',
  '>',
  '<',
  ', ',
  ',',
  ' ',
  '%',
  'método',
  ', rip=198.51.100.9, lip=192.0.2.1',
  ', session=<Qx>',
];

describe('Dovecot’s line', () => {
  test.each([
    ['alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=247, session=<Q8>', 'alice', '198.51.100.7'],
    ['alice>, rip=198.51.100.7, lip=192.0.2.1', 'alice', '198.51.100.7'],
    ['alice>, session=<Q8>, method=PLAIN, rip=fe80::1%eth0, lip=fe80::2, TLS', 'alice', 'fe80::1'],
    [
      'a>, rip=10.0.0.1, lip=10.0.0.2, x>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1',
      'a>, rip=10.0.0.1, lip=10.0.0.2, x',
      '198.51.100.7',
    ],
  ])('%s', (line, user, from) => {
    expect(byBytes(line)).toMatchObject({ user, address: from });
  });

  test('reads 20,000 lines made of pieces as the pattern does', () => {
    const random = randomNumbers(11);
    let found = 0;
    for (let count = 0; count < 20_000; count++) {
      let line = random() < 0.7 ? 'alice' : '';
      const parts = 1 + Math.floor(random() * 9);
      for (let part = 0; part < parts; part++) line += pieces[Math.floor(random() * pieces.length)];
      const expected = byPattern(line);
      if (expected !== undefined) found++;
      expect(byBytes(line), line).toEqual(expected);
    }
    expect(found).toBeGreaterThan(300);
  });
});
