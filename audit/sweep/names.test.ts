import { expect, test } from 'vitest';
import { candidates, covers, importantNames, mentionedNames, undeclared } from './names.ts';
import type { Files } from './sources.ts';

const files = (content: Record<string, string>): Files =>
  new Map(Object.entries(content).map(([name, text]) => [name, { content: Buffer.from(text) }]));

test('names that a line about relaying names, without addresses and networks', () => {
  const folder = files({
    access:
      'Connect:203.0.113 RELAY\nConnect:Office.example RELAY\nTo:user@partner.example RELAY\nFrom:x.example OK\ncom RELAY\n',
    'relay-domains': '.dotted.example\nIPv6:2001:db8\n10.1\n',
  });
  expect(importantNames(folder, [], ['declared.example'])).toEqual([
    'declared.example',
    'dotted.example',
    'office.example',
    'partner.example',
    'com',
  ]);
});

test('names that any text mentions, but no files, numbers and paths', () => {
  const folder = files({
    mailertable: 'mt.example esmtp:[10.0.0.1]\n',
    'sendmail.mc': "include(`/usr/share/sendmail/cf/m4/cf.m4')\ndefine(`confDOMAIN_NAME', `mail.hosting.example')\n",
    'README.md': 'readme.example',
    'access.db': 'database.example',
    binary: 'x\0y.example',
  });
  expect(mentionedNames(folder)).toEqual(['mt.example', 'mail.hosting.example']);
});

test('each name is asked for with what lies above it and what looks like it', () => {
  const names = candidates(['sub.partner.example'], ['other.example']);
  expect(names).toEqual(
    expect.arrayContaining([
      'sub.partner.example',
      'partner.example',
      'example',
      'notsub.partner.example',
      'sub.partner.example.stranger.invalid',
      'other.example',
      'com',
      'de',
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

const both = { self: true, below: true };

test('what lies below a name that relays is not named again', () => {
  const found = undeclared(
    new Map([
      ['a.org', both],
      ['org', both],
      ['com', { self: false, below: false }],
    ]),
    [],
    [],
  );
  expect([...found.keys()]).toEqual(['org']);
});

test('what is declared is left out with all below it, and nothing above or beside it', () => {
  const reaches = new Map([
    ['partner.example', both],
    ['sub.partner.example', both],
    ['notpartner.example', both],
  ]);
  expect([...undeclared(reaches, ['Partner.example.'], []).keys()]).toEqual(['notpartner.example']);
  expect([...undeclared(new Map([['example', both]]), ['partner.example'], []).keys()]).toEqual(['example']);
  expect(covers(['a.example'], 'nota.example')).toBe(false);
});

test('a local domain relays by itself; what is below it does not', () => {
  const found = undeclared(new Map([['hosting.example', both]]), [], ['hosting.example']);
  expect([...found]).toEqual([['hosting.example', { self: false, below: true }]]);
  expect(undeclared(new Map([['hosting.example', { self: true, below: false }]]), [], ['hosting.example']).size).toBe(
    0,
  );
});
