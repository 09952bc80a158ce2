import { appendFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeLetters } from './letter-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'letter-folder-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const to = (...users: string[]) => users.map((user) => ({ user, file: `${user}.txt`, text: `To: ${user}\n` }));
const texts = async () => (await readdir(folder)).filter((file) => file.endsWith('.txt')).sort();

test('holds the letters of the last run only, and what is not ours stays', async () => {
  await writeFile(join(folder, 'notes.txt'), 'of the help desk');
  expect(await writeLetters(folder, to('alice', 'bob'))).toEqual({ removed: 0, changed: [] });
  expect(await writeLetters(folder, to('bob', 'carol'))).toEqual({ removed: 1, changed: [] });
  expect(await texts()).toEqual(['bob.txt', 'carol.txt', 'notes.txt']);
  expect(await writeLetters(folder, [])).toEqual({ removed: 2, changed: [] });
  expect(await texts()).toEqual(['notes.txt']);
});

test('a letter that somebody has changed stays, and is named', async () => {
  await writeLetters(folder, to('alice', 'bob'));
  await appendFile(join(folder, 'alice.txt'), 'We have telephoned.\n');
  expect(await writeLetters(folder, to('bob'))).toEqual({ removed: 0, changed: ['alice.txt'] });
  expect(await readFile(join(folder, 'alice.txt'), 'utf8')).toContain('telephoned');
});

test('a letter that is due again is not written over what somebody made of it, nor over what is not ours', async () => {
  await writeLetters(folder, to('alice', 'bob'));
  await appendFile(join(folder, 'alice.txt'), 'We have telephoned.\n');
  await writeFile(join(folder, 'carol.txt'), 'of the help desk');
  const target = `${folder}-target`;
  await writeFile(target, 'elsewhere');
  await symlink(target, join(folder, 'dave.txt'));
  const due = to('alice', 'bob', 'carol', 'dave');
  for (let run = 0; run < 2; run++) {
    expect((await writeLetters(folder, due)).changed).toEqual(['alice.txt', 'carol.txt', 'dave.txt']);
  }
  expect(await readFile(join(folder, 'alice.txt'), 'utf8')).toContain('telephoned');
  expect(await readFile(join(folder, 'carol.txt'), 'utf8')).toBe('of the help desk');
  expect(await readFile(target, 'utf8')).toBe('elsewhere');
  await rm(target);
});

test('a record that names files elsewhere, or is none, removes nothing', async () => {
  const outside = `${folder}-outside`;
  await writeFile(outside, '');
  for (const record of ['no json', 'null', JSON.stringify({ [`../${outside.split('/').at(-1)}`]: 'x', 'a.txt': 7 })]) {
    await writeFile(join(folder, '.letters.json'), record);
    expect(await writeLetters(folder, to('alice'))).toEqual({ removed: 0, changed: [] });
  }
  expect(await readFile(outside, 'utf8')).toBe('');
  await rm(outside);
});

test('a folder that is none fails with advice', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(writeLetters(join(folder, 'file'), to('alice'))).rejects.toThrow(/letters cannot be written/);
});
