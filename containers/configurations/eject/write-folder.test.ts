import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXIT, Failure } from '../../../audit/failure.ts';
import { writeFolder } from './write-folder.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relayproof-write-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

const file = (path: string, executable = false) => ({ path, content: Buffer.from(path), executable });
const files = [file('sendmail.mc'), file('pop/popauth', true), file('pop/deep/er')];

async function failureOf(folder: string, what = files): Promise<Failure> {
  const error = await writeFolder(folder, what).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(Failure);
  expect((error as Failure).advice).not.toBe('');
  return error as Failure;
}

describe('a folder', () => {
  test('is written with its parents, and what can be executed may be', async () => {
    const folder = join(scratch, 'a/b/c');
    await writeFolder(folder, files);
    for (const { path, content, executable } of files) {
      expect(await readFile(join(folder, path))).toEqual(content);
      expect(((await stat(join(folder, path))).mode & 0o100) !== 0).toBe(executable);
    }
  });

  test('that is there and empty is filled, also behind a link', async () => {
    await mkdir(join(scratch, 'empty'));
    await symlink('empty', join(scratch, 'link'));
    await writeFolder(join(scratch, 'link'), files);
    expect(await readdir(join(scratch, 'empty'))).toEqual(['pop', 'sendmail.mc']);
  });
});

describe('nothing is overwritten', () => {
  test.each(['sendmail.mc', '.hidden', 'other'])('where %s is there', async (name) => {
    await writeFile(join(scratch, name), 'mine');
    const failure = await failureOf(scratch);
    expect(failure).toMatchObject({ exitStatus: EXIT.usage, message: expect.stringContaining('not empty') });
    expect(await readdir(scratch)).toEqual([name]);
    expect(await readFile(join(scratch, name), 'utf8')).toBe('mine');
  });

  test('where the name is a file’s, or a file is on the way', async () => {
    await writeFile(join(scratch, 'file'), 'mine');
    for (const folder of [join(scratch, 'file'), join(scratch, 'file/below')]) {
      expect(await failureOf(folder)).toMatchObject({
        exitStatus: EXIT.usage,
        message: expect.stringContaining('a file'),
      });
    }
    expect(await readFile(join(scratch, 'file'), 'utf8')).toBe('mine');
  });
});

describe('of a folder that cannot be written whole, nothing is left', () => {
  const tooLong = [...files, file(`pop/${'x'.repeat(300)}`)];

  test('nor of its parents', async () => {
    const failure = await failureOf(join(scratch, 'a/b'), tooLong);
    expect(failure).toMatchObject({ code: 'FOLDER_NOT_WRITABLE', exitStatus: EXIT.configuration });
    expect(failure.message).toContain('the name is too long');
    expect(await readdir(scratch)).toEqual([]);
  });

  test('but the folder itself, if it was there before', async () => {
    await failureOf(scratch, tooLong);
    expect(await readdir(scratch)).toEqual([]);
  });

  test('but what somebody else puts there meanwhile', async () => {
    // Twice the same path stands for a file that appears after the look.
    await failureOf(join(scratch, 'a'), [file('one'), file('two'), file('one')]);
    expect(await readdir(scratch)).toEqual([]);
  });

  test('and a place where nothing can be made is said, at once', async () => {
    expect((await failureOf('/proc/relayproof/x')).message).toMatch(
      /^\/proc\/relayproof\/x: no folder can be made there/,
    );
  });
});
