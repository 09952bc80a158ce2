import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.tsx';
import { renderLines } from './lines.ts';
import { sampleReport } from './sample-report.ts';
import { searchPayloads, searchSecrets, unpackedFrom } from './secret-search.ts';

const text = '4f9c0a7be21d58630f9e7712';
const secrets = [{ name: 'alice', text }];
const found = (content: string) => searchSecrets(content, secrets).map(({ form }) => form);
const base64 = (content: string) => Buffer.from(content, 'latin1').toString('base64');

describe('a secret is found', () => {
  test.each([
    ['as it is', `PASS ${text}`],
    ['in AUTH PLAIN', base64(`\0alice\0${text}`)],
    ['in AUTH PLAIN for somebody else', base64(`other\0alice\0${text}`)],
    ['in AUTH LOGIN', base64(text)],
    ['behind one octet', base64(`x${text}`)],
    ['behind two', base64(`xy${text}`)],
    ['with something behind it', base64(`${text}\r\nQUIT`)],
    ['behind one, and with something behind it', base64(`x${text}z`)],
    ['in base64url', Buffer.from(`??${text}`).toString('base64url')],
    ['in hexadecimal', Buffer.from(`\0${text}`).toString('hex')],
    ['in hexadecimal, upper case', Buffer.from(text).toString('hex').toUpperCase()],
    ['reversed', [...text].reverse().join('')],
    ['percent-encoded', Buffer.from(text).toString('hex').replace(/../g, '%$&')],
    ['percent-encoded, upper case', Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&')],
    ['cut behind its first half', `PASS ${text.slice(0, 13)}…`],
    ['with its last half alone', text.slice(-12)],
  ])('%s', (_how, content) => {
    expect(found(`some text ${content} more text`)).not.toEqual([]);
    expect(searchSecrets(`some text ${content}`, [{ name: 'bob', text: '0b1cc2d3e4f5a697886950ab' }])).toEqual([]);
  });

  test('at every place and length, with anything around it', () => {
    for (let length = 8; length < 40; length += 1) {
      const drawn = randomBytes(length).toString('base64').slice(0, length);
      for (let before = 0; before < 7; before += 1) {
        const content = base64(`${'ü'.repeat(before)}${drawn}${'~'.repeat(length % 4)}`);
        expect(searchSecrets(content, [{ name: 'x', text: drawn }]), `${drawn} behind ${before}`).not.toEqual([]);
      }
    }
  });

  test('outside ASCII, as octets and as characters', () => {
    const odd = [{ name: 'odd', text: 'pässwörd-ßüö-東京' }];
    const { text: secret = '' } = odd[0] ?? {};
    expect(searchSecrets(secret, odd)).not.toEqual([]);
    expect(searchSecrets(Buffer.from(secret).toString('latin1'), odd)).not.toEqual([]);
    expect(searchSecrets(encodeURIComponent(secret), odd)).not.toEqual([]);
  });
});

test('what is found is named, and not repeated', () => {
  const [leak] = searchSecrets(`1234 ${text}`, secrets);
  expect(leak).toEqual({ name: 'alice', form: 'plain', at: 5 });
});

test('nothing is found where there is none', () => {
  expect(found('AUTH PLAIN [masked]')).toEqual([]);
  expect(() => searchSecrets('', [{ name: 'short', text: 'abc' }])).toThrow('too short');
});

test.each([
  ['PLAIN', '\0alice\0x'],
  ['DIGEST-MD5', 'charset=utf-8,username="alice",realm="x"'],
  ['DIGEST-MD5', 'username="alice",realm="x"'],
  ['SCRAM', 'n,,n=alice,r=abcdef'],
  ['SCRAM', 'c=biws,r=abcdef,p=xyz'],
])('the answer of %s to AUTH is found without the password', (mechanism, answer) => {
  const [leak] = searchPayloads(`C: ${base64(answer)}`, ['bob', 'alice']);
  expect(leak?.name).toContain(mechanism);
  expect(searchPayloads(`C: ${base64(answer.replace('alice', 'mallory'))}`, ['bob']).length).toBe(
    answer.startsWith('c=') ? 1 : 0,
  );
});

test('a secret in one line of a dialogue is found in every form of the report that has the line', async () => {
  const report = sampleReport();
  const line = report.configurations[1]?.attempts[0]?.evidence?.dialogues[0]?.lines[5];
  if (!line) throw new Error('the sample has a dialogue');
  line.text = `AUTH PLAIN ${base64(`\0alice\0${text}`)}`;
  for (const content of [await renderHtml(report), renderLines(report), JSON.stringify(report)]) {
    expect(found(content)).not.toEqual([]);
    expect(searchPayloads(content, ['alice'])).not.toEqual([]);
  }
});

test('a secret in evidence that the page holds in packed form is found once it is unpacked', async () => {
  const report = sampleReport();
  const [reference] = report.configurations;
  const passed = reference?.attempts[0];
  const line = passed?.evidence?.dialogues[0]?.lines[5];
  if (!reference || !passed || !line) throw new Error('the sample has a dialogue');
  line.text = `PASS ${text}`;
  // More than the page holds as markup.
  reference.attempts = Array.from({ length: 3000 }, () => passed);
  const page = await renderHtml(report);
  expect(unpackedFrom(page)).toContain('"protocol":"smtp"');
  expect(found(unpackedFrom(page))).toContain('plain');
});
