import { expect, test } from 'vitest';
import { because, Causes } from './causes.ts';
import { addressToNumber } from './ip.ts';
import type { Files } from './sources.ts';

const files = (content: Record<string, string>): Files =>
  new Map(Object.entries(content).map(([name, text]) => [name, { content: Buffer.from(text) }]));

const at = (cause: { file: string; line: number } | undefined) => cause && `${cause.file}:${cause.line}`;

const folder = files({
  access: [
    'Connect:203.0 RELAY',
    'Connect:203.0.113\tRELAY',
    'Connect:203.0.113.9 REJECT',
    'To:partner.example RELAY',
    'Connect:office.example RELAY',
    'both.example RELAY',
    'From:203.1 RELAY',
    'Connect:198.51.100.0/24 RELAY',
    'Connect:IPv6:2001:db8 relay',
    'To:sub.partner.example REJECT',
  ].join('\n'),
  'relay-domains': 'partner.example\n10.1\n',
  'sendmail.mc': "FEATURE(`relay_entire_domain')dnl\nRELAY_DOMAIN(`org')dnl\n",
});
const causes = new Causes(folder, [], ['hosting.example']);
const address = (text: string) => at(causes.forAddress(addressToNumber(text), text.includes(':') ? 6 : 4));

test('an address: the longest key that grants, in octets or groups', () => {
  expect(address('203.0.113.5')).toBe('access:2');
  expect(address('203.0.114.5')).toBe('access:1');
  expect(address('10.1.2.3')).toBe('relay-domains:2');
  expect(address('2001:db8::1')).toBe('access:9');
  expect(address('203.1.2.3')).toBeUndefined();
  expect(address('198.51.100.1')).toBeUndefined();
});

test('a domain: To: and untagged keys, members of class R, features', () => {
  expect(at(causes.forDomain('x.partner.example'))).toBe('access:4');
  expect(at(causes.forDomain('both.example'))).toBe('access:6');
  expect(at(causes.forDomain('example.org'))).toBe('sendmail.mc:2');
  expect(at(causes.forDomain('x.hosting.example'))).toBe('sendmail.mc:1');
  expect(causes.forDomain('office.example')).toBeUndefined();
  expect(causes.forDomain('notpartner.example')).toBeUndefined();
});

test('a host: Connect: and untagged keys, members of class R', () => {
  expect(at(causes.forHost('pc.office.example'))).toBe('access:5');
  expect(at(causes.forHost('partner.example'))).toBe('relay-domains:1');
  expect(causes.forHost('elsewhere.test')).toBeUndefined();
});

test('a rule of the folder’s own, if there is one in the ruleset', () => {
  const own = new Causes(files({ 'sendmail.mc': 'LOCAL_RULESETS\nSLocal_check_rcpt\n# why\nR$*\t$#OK\n' }), []);
  expect(at(own.forAddress(1n, 4))).toBe('sendmail.mc:2');
  const stock = new Causes(files({ 'sendmail.cf': 'SLocal_check_rcpt\nScheck_rcpt\nR$*\t$: x\n' }), []);
  expect(stock.forAddress(1n, 4)).toBeUndefined();
});

test('words', () => {
  expect(because(causes.forAddress(addressToNumber('203.0.113.5'), 4))).toBe(
    'because of line 2 of access: Connect:203.0.113 RELAY',
  );
  expect(because(undefined)).toMatch(/no line/);
});
