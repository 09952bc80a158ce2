import { describe, expect, test } from 'vitest';
import { applyEdits, type Edit } from './edit.ts';

const files = new Map([
  ['sendmail.mc', { content: Buffer.from('OSTYPE\nMAILER(`local)\nMAILER(`smtp)\n') }],
  ['access', { content: Buffer.from('a\tb\n') }],
]);
const after = (file: string, ...edits: Edit[]) => applyEdits(files, edits).files.get(file)?.content.toString();

describe('an edit', () => {
  test('puts lines before the first that begins with a text', () => {
    const edit = { file: 'sendmail.mc', insert: 'ONE\nTWO', before: 'MAILER' };
    expect(after('sendmail.mc', edit)).toBe('OSTYPE\nONE\nTWO\nMAILER(`local)\nMAILER(`smtp)\n');
  });

  test('puts lines at the end', () => {
    expect(after('access', { file: 'access', insert: 'c\td' })).toBe('a\tb\nc\td\n');
  });

  test('replaces a text as it stands, whatever characters it has', () => {
    expect(after('access', { file: 'access', replace: 'b', by: "$& $1 $' \\" })).toBe("a\t$& $1 $' \\\n");
  });

  test('makes a file, in the place of one that is there as well', () => {
    expect(after('popauth.conf', { file: 'popauth.conf', create: 'lifetime = 30\n' })).toBe('lifetime = 30\n');
    expect(after('access', { file: 'access', create: 'x\n' })).toBe('x\n');
  });

  test('comes after the ones before it', () => {
    const edits = [
      { file: 'new', create: 'one\n' },
      { file: 'new', insert: 'two' },
      { file: 'new', replace: 'one', by: 'three' },
    ];
    expect(after('new', ...edits)).toBe('three\ntwo\n');
  });

  test('leaves what it is made from alone', () => {
    const before = [...files].map(([name, { content }]) => [name, content.toString()]);
    applyEdits(files, [
      { file: 'access', insert: 'x' },
      { file: 'new', create: '' },
    ]);
    expect([...files].map(([name, { content }]) => [name, content.toString()])).toEqual(before);
  });

  test.each<[string, Edit, string]>([
    ['a file that is not there', { file: 'nothing', insert: 'x' }, 'nothing'],
    ['a file that is not there', { file: 'nothing', replace: 'x', by: 'y' }, 'nothing'],
    ['a line that is not there', { file: 'access', insert: 'x', before: 'b' }, 'begins with: b'],
    ['a text that is not there', { file: 'access', replace: 'z', by: 'y' }, 'exactly once: z'],
    ['a text that is there twice', { file: 'sendmail.mc', replace: 'MAILER', by: 'y' }, 'exactly once: MAILER'],
  ])('of %s does not fit: %j', (_what, edit, words) => {
    expect(() => applyEdits(files, [edit])).toThrow(words);
  });
});

test('the changes are the lines that differ, with their file and a sign', () => {
  const { changes } = applyEdits(files, [
    { file: 'sendmail.mc', insert: 'ONE\n\nTWO', before: 'MAILER' },
    { file: 'access', replace: 'a\tb\n', by: '' },
    { file: 'access', insert: 'c' },
    { file: 'new', create: 'x\ny\n' },
  ]);
  expect(changes).toEqual([
    '+ sendmail.mc: ONE',
    '+ sendmail.mc: TWO',
    '- access: a\tb',
    '+ access: c',
    '+ new: x',
    '+ new: y',
  ]);
});
