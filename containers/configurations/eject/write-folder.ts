/** Writes files into a folder that is not there yet or is empty: all of them, or none. */
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../../audit/failure.ts';
import type { EjectedFile } from './eject.ts';

const inWords: Record<string, string> = {
  ENOENT: 'no folder can be made there',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a file system that is read-only',
  ENOSPC: 'there is no room left on the disk',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is a file',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
};

function notWritable(folder: string, error: unknown): Failure {
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  return new Failure(
    'FOLDER_NOT_WRITABLE',
    `${folder}: ${inWords[code] ?? message}${path === undefined || path === folder ? '' : ` (${path})`}`,
    'Name a folder in a place where you may write.',
    { cause: error },
  );
}

/** @throws Failure USAGE if the folder cannot be the one that is meant */
async function mustBeFree(folder: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return;
    }
    if (code === 'ENOTDIR') {
      throw new Failure(
        'USAGE',
        `${folder}: there is a file of that name or on the way to it`,
        'Name a folder that is new or empty.',
      );
    }
    throw notWritable(folder, error);
  }
  if (entries.length > 0) {
    throw new Failure(
      'USAGE',
      `${folder}: the folder is not empty, and nothing is ever overwritten`,
      'Name a folder that is new or empty.',
    );
  }
}

/** Makes a folder and its parents one by one, and notes each that was not there. */
async function makeFolders(folder: string, made: string[]): Promise<void> {
  try {
    await mkdir(folder);
    made.push(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      return;
    }
    const parent = dirname(folder);
    // Where the parent is there and the folder cannot be made, as in /proc, there is nothing to go up to.
    const before = made.length;
    if (code !== 'ENOENT' || parent === folder) {
      throw error;
    }
    await makeFolders(parent, made);
    if (made.length === before) {
      throw error;
    }
    await mkdir(folder);
    made.push(folder);
  }
}

/**
 * @throws Failure USAGE if the folder is a file or not empty, FOLDER_NOT_WRITABLE if it cannot be written; nothing of it
 * is left then
 */
export async function writeFolder(folder: string, files: readonly EjectedFile[]): Promise<void> {
  const root = resolve(folder);
  await mustBeFree(root);
  const folders: string[] = [];
  const written: string[] = [];
  try {
    await makeFolders(root, folders);
    for (const { path, content, executable } of files) {
      const place = join(root, path);
      await makeFolders(dirname(place), folders);
      // Exclusively: what appeared there in the meantime is somebody else's.
      const opened = writeFile(place, content, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
      await opened.then(
        () => written.push(place),
        async (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') {
            written.push(place);
          }
          throw error;
        },
      );
    }
  } catch (error) {
    await Promise.allSettled(written.map((file) => rm(file, { force: true })));
    for (const made of folders.reverse()) {
      await rmdir(made).catch(() => {});
    }
    throw notWritable(folder, error);
  }
}
