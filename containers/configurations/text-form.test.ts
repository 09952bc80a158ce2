import { describe, expect, test } from 'vitest';
import { EXIT, Failure } from '../../audit/failure.ts';
import { asText, mentionedIn, whyText } from './text-form.ts';

const form = (content: Buffer | string) =>
  asText(Buffer.from(content), { path: 'access', file: 'etc-mail/access', by: 'name' });
const failureOf = (content: Buffer | string): Failure => {
  try {
    form(content);
  } catch (error) {
    return error as Failure;
  }
  throw new Error('this was taken for a text');
};

describe('a text', () => {
  test.each([
    ['as it is', 'a\tRELAY\nb\tREJECT\n', 'a\tRELAY\nb\tREJECT\n', undefined],
    ['empty', '', '', undefined],
    ['with CR LF', 'a\r\nb\r\n', 'a\nb\n', 'access: 2 lines ended in CR'],
    ['with one CR LF among others', 'a\nb\r\nc', 'a\nb\nc', 'access: 1 line ended in CR'],
    ['with a CR that ends no line', 'a\rb\n', 'a\rb\n', undefined],
    ['with CR alone', 'a\rb\r', 'a\nb\n', 'access: 2 lines ended in CR'],
    ['with a byte order mark', '\uFEFFa\n', 'a\n', 'access: begins with a byte order mark'],
  ])('%s', (_how, content, read, note) => {
    const original = Buffer.from(content);
    const before = Buffer.from(original);
    const result = asText(original, { path: 'access', file: 'x/access', by: 'name' });
    expect(result.content.toString('utf8')).toBe(read);
    expect(result.notes.join()).toMatch(note === undefined ? /^$/ : new RegExp(`^${note}`));
    expect(original.equals(before)).toBe(true);
    if (note === undefined) {
      expect(result.content).toBe(original);
    }
  });

  test.each([
    ['low', Buffer.from('\uFEFFdnl ü\r\nx\n', 'utf16le')],
    ['high', Buffer.from('\uFEFFdnl ü\r\nx\n', 'utf16le').swap16()],
  ])('in UTF-16, %s octet first, is read as UTF-8', (octet, content) => {
    const { content: read, notes } = form(content);
    expect(read.toString('utf8')).toBe('dnl ü\nx\n');
    expect(notes[0]).toContain(`UTF-16, ${octet} octet first`);
    expect(notes[1]).toContain('1 line ended in CR');
  });

  test('keeps the octets of Latin-1 and of UTF-8', () => {
    for (const content of [Buffer.from('dnl für\n', 'latin1'), Buffer.from('dnl für 公\n', 'utf8')]) {
      expect(form(content).content).toEqual(content);
    }
  });
});

test.each([
  ['a program', Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), 'a program (ELF)'],
  ['gzip', Buffer.from('\x1f\x8b\x08', 'latin1'), 'gzip'],
  ['a database', Buffer.concat([Buffer.alloc(12), Buffer.from('6115060009000000', 'hex')]), 'a database'],
  ['UTF-16 without its mark', Buffer.from('divert(-1)\n', 'utf16le'), 'may be UTF-16 without its mark'],
  ['a NUL in it', 'a long line of text\nx\0y\n', 'octet 22 of it is NUL'],
])('%s is no text, and an error that names the file', (_what, content, words) => {
  const failure = failureOf(content);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure.exitStatus).toBe(EXIT.configuration);
  expect(failure.message).toMatch(/^etc-mail\/access: this must be a text, and is none: /);
  expect(failure.message).toContain(words);
});

test('what is only mentioned may be no text, and then stays as it is', () => {
  const statistics = Buffer.from('\uFEFF\0\r\n');
  const known = { path: 'statistics', file: 'x/statistics', by: 'mention' as const };
  expect(asText(statistics, known)).toEqual({ content: statistics, notes: [] });
  expect(asText(Buffer.from('a\r\n'), known).content.toString()).toBe('a\n');
});

test('what is a text is known by its name, or because the configuration mentions it', () => {
  const texts = ["FEATURE(`virtusertable', `hash -o /etc/mail/maps/ours.txt')", 'Kx hash /etc/mail/table\n'];
  const mentioned = mentionedIn(texts);
  expect([...mentioned]).toEqual(['maps/ours.txt', 'table']);
  for (const path of ['sendmail.mc', 'host.mc', 'access', 'sasl/Sendmail.conf', 'x/aliases']) {
    expect([path, whyText(path, mentioned)]).toEqual([path, 'name']);
  }
  for (const path of ['maps/ours.txt', 'table']) {
    expect([path, whyText(path, mentioned)]).toEqual([path, 'mention']);
  }
  for (const path of ['access.db', 'tls/key.pem', 'ours.txt', 'anything', 'access~', 'table.db']) {
    expect([path, whyText(path, new Set([...mentioned, 'table.db']))]).toEqual([path, undefined]);
  }
});
