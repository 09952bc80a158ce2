import { expect, test } from 'vitest';
import {
  addressToNumber,
  contains,
  lastOf,
  merge,
  networkText,
  numberToAddress,
  parseNetwork,
  shared,
  shortAddress,
  subtract,
} from './ip.ts';

const texts = (networks: ReturnType<typeof merge>) => networks.map(networkText);
const all = (...words: string[]) => words.map(parseNetwork);

test('addresses are read in every spelling and written as sendmail does', () => {
  const written = (text: string) => numberToAddress(addressToNumber(text), text.includes(':') ? 6 : 4);
  expect(written('203.0.113.5')).toBe('203.0.113.5');
  expect(written('255.255.255.255')).toBe('255.255.255.255');
  expect(written('2001:DB8::1')).toBe('2001:db8:0:0:0:0:0:1');
  expect(written('::')).toBe('0:0:0:0:0:0:0:0');
  expect(written('::ffff:192.0.2.1')).toBe('0:0:0:0:0:ffff:c000:201');
  expect(written('1:2:3:4:5:6:7:8')).toBe('1:2:3:4:5:6:7:8');
});

test.each(['', '1.2.3', '256.1.1.1', 'fe80::1%eth0', '1:2', 'x', '1.2.3.4/33', '1.2.3.4/', '::/129'])(
  '%s is none',
  (text) => {
    expect(() => (text.endsWith('/') ? parseNetwork(`${text}x`) : parseNetwork(text))).toThrow();
  },
);

test('IPv6 addresses are shortened for reading', () => {
  const short = (text: string) => shortAddress(addressToNumber(text), 6);
  expect(short('2001:db8:0:0:1:0:0:0')).toBe('2001:db8:0:0:1::');
  expect(short('0:0:0:0:0:0:0:1')).toBe('::1');
  expect(short('0:0:0:0:0:0:0:0')).toBe('::');
  expect(short('2001:db8:0:1:2:3:4:5')).toBe('2001:db8:0:1:2:3:4:5');
  expect(short('10:0:0:5:5:5:5:5')).toBe('10::5:5:5:5:5');
});

test('networks drop what is below their prefix', () => {
  expect(networkText(parseNetwork('203.0.113.77/25'))).toBe('203.0.113.0/25');
  expect(networkText(parseNetwork('2001:db8:ffff::/32'))).toBe('2001:db8::/32');
  expect(networkText(parseNetwork('203.0.113.77'))).toBe('203.0.113.77/32');
  expect(numberToAddress(lastOf(parseNetwork('10.0.0.0/8')), 4)).toBe('10.255.255.255');
  expect(contains(parseNetwork('0.0.0.0/0'), addressToNumber('255.255.255.255'))).toBe(true);
});

test('neighbours become one network, and only where they are one', () => {
  expect(texts(merge(all('203.0.113.128/25', '203.0.113.0/25')))).toEqual(['203.0.113.0/24']);
  expect(texts(merge(all('10.0.1.0/24', '10.0.2.0/24')))).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
  expect(texts(merge(all('0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2')))).toEqual(['0.0.0.0/0']);
  expect(texts(merge(all('10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/8')))).toEqual(['10.0.0.0/7']);
  expect(texts(merge(all('::/1', '8000::/1')))).toEqual(['::/0']);
});

test('what is declared is taken out', () => {
  expect(texts(subtract(all('203.0.113.0/24'), all('203.0.113.0/25')))).toEqual(['203.0.113.128/25']);
  expect(texts(subtract(all('203.0.113.0/24'), all('203.0.113.64/26')))).toEqual([
    '203.0.113.0/26',
    '203.0.113.128/25',
  ]);
  expect(texts(subtract(all('203.0.113.0/24'), all('203.0.0.0/16')))).toEqual([]);
  expect(texts(subtract(all('203.0.113.0/24'), all('2001:db8::/32')))).toEqual(['203.0.113.0/24']);
  expect(texts(subtract(all('0.0.0.0/0'), all('0.0.0.0/1')))).toEqual(['128.0.0.0/1']);
});

test('two networks share the smaller one, or nothing', () => {
  const [a, b, c] = all('10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/8');
  expect(a && b && shared(b, a)).toBe(b);
  expect(a && c && shared(a, c)).toBeUndefined();
});
