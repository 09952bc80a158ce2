import { expect, test } from 'vitest';
import { networkText } from './ip.ts';
import { accessEntries, type Files, macroCalls, networkOfKey, relayMembers } from './sources.ts';

const files = (content: Record<string, string>): Files =>
  new Map(Object.entries(content).map(([name, text]) => [name, { content: Buffer.from(text) }]));

test('entries of the access map have tag, key, value and line', () => {
  const text =
    '# who\n\nConnect:203.0.113\tRELAY\npartner.Example  RELAY\nConnect:IPv6:2001:DB8\tRELAY\nIPv6:2001:db8:1 OK\nbroken\n';
  expect(accessEntries(files({ access: text }), [])).toMatchObject([
    { line: 3, tag: 'connect', key: '203.0.113', value: 'RELAY' },
    { line: 4, tag: '', key: 'partner.example', value: 'RELAY' },
    { line: 5, tag: 'connect', key: 'ipv6:2001:db8', value: 'RELAY' },
    { line: 6, tag: '', key: 'ipv6:2001:db8:1', value: 'OK' },
  ]);
  const elsewhere = [{ name: 'access', type: 'hash', path: '/etc/mail/maps/allowed' }];
  expect(accessEntries(files({ 'maps/allowed': 'To:x.example RELAY\n' }), elsewhere)).toMatchObject([
    { file: 'maps/allowed', tag: 'to', key: 'x.example' },
  ]);
});

test('members of class R come from files, from macros and from class lines', () => {
  const mc =
    "dnl RELAY_DOMAIN(`not.example')\nRELAY_DOMAIN(`a.example\n  b.example')dnl\nRELAY_DOMAIN_FILE(`/etc/mail/more')\n";
  const members = relayMembers(
    files({ 'sendmail.mc': mc, 'relay-domains': '# x\nOne.example\n', more: 'two.example\n' }),
  );
  expect(members.map(({ file, line, key }) => `${file}:${line} ${key}`)).toEqual([
    'relay-domains:2 one.example',
    'more:1 two.example',
    'sendmail.mc:2 a.example',
    'sendmail.mc:2 b.example',
  ]);
  const cf = 'CR a.example b.example\nCRc.example\nFR-o /etc/mail/list\n';
  expect(relayMembers(files({ 'sendmail.cf': cf, list: 'd.example\n' })).map(({ key }) => key)).toEqual([
    'd.example',
    'a.example',
    'b.example',
    'c.example',
  ]);
});

test('macro calls that m4 does not see are none', () => {
  const mc =
    "FEATURE(`promiscuous_relay')dnl\n# FEATURE(`relay_local_from')\ndnl FEATURE(`x')\nFEATURE(`y')dnl FEATURE(`z')\n";
  expect(macroCalls(files({ 'sendmail.mc': mc }), 'FEATURE').map(({ line, argument }) => [line, argument])).toEqual([
    [1, 'promiscuous_relay'],
    [4, 'y'],
  ]);
});

test.each([
  ['203.0.113', '203.0.113.0/24'],
  ['203', '203.0.0.0/8'],
  ['203.0.113.5', '203.0.113.5/32'],
  ['203.0.113.', '203.0.113.0/24'],
  ['203.0.113.0/25', '203.0.113.0/25'],
  ['[203.0.113.5]', '203.0.113.5/32'],
  ['IPv6:2001:db8', '2001:db8::/32'],
  ['IPv6:2001:db8:0:0:0:0:0:77', '2001:db8::77/128'],
  ['IPv6:2001:db8::77', '2001:db8::77/128'],
  ['IPv6:2001', '2001::/16'],
])('the key %s stands for %s', (key, network) => {
  const found = networkOfKey(key);
  expect(found && networkText(found)).toBe(network);
});

test.each(['partner.example', '300.1', 'com', 'cafe', '', '1.2.3.4.5'])('the key %j is no network', (key) => {
  expect(networkOfKey(key)).toBeUndefined();
});
