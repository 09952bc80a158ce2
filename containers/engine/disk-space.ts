import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../audit/failure.ts';
import type { Engine } from './find-engine.ts';

export const megabyte = 1_000_000;

/** What all images together take, in bytes, where there is none yet. */
export const spaceForAllImages = 1500 * megabyte;

/** Throws NO_DISK_SPACE if fewer than `needed` bytes are free for this user under `folder`. Says nothing where it cannot be read. */
export async function requireDiskSpace(folder: string, needed: number, purpose: string): Promise<void> {
  const free = await freeSpace(folder);
  if (free !== undefined && free < needed) throw noDiskSpace(folder, purpose, { needed, free });
}

/** Throws NO_DISK_SPACE if the engine keeps its images on this machine and fewer than `needed` bytes are free there. */
export async function requireEngineSpace(engine: Engine, needed: number, purpose: string): Promise<void> {
  if (engine.local && engine.rootDirectory !== undefined) await requireDiskSpace(engine.rootDirectory, needed, purpose);
}

/** The bytes that an ordinary user may still write under a folder, or under the nearest parent that exists. */
export async function freeSpace(folder: string): Promise<number | undefined> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || at === path.dirname(at)) return undefined;
    }
  }
}

/** Whether a disk that a program failed on has no room left, for bytes or for more files. */
export async function isFull(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(folder);
    return bavail * bsize < 5 * megabyte || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}

/** Whether a program's message says that a disk, a quota or a table of inodes is full. */
export function saysDiskFull(text: string): boolean {
  return /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b|not enough free (?:disk )?space|don't have enough free space/i.test(
    text,
  );
}

/** The failure for a full disk at a path, with the bytes where they are known. */
export function noDiskSpace(
  folder: string,
  purpose: string,
  {
    needed,
    free,
    output = [],
    cause,
  }: { needed?: number; free?: number; output?: readonly string[]; cause?: unknown } = {},
): Failure {
  const numbers = [
    needed === undefined ? '' : `needs ${needed} bytes (${inMegabytes(needed)})`,
    free === undefined ? '' : `${free} bytes (${inMegabytes(free)}) are free`,
  ].filter(Boolean);
  return new Failure(
    'NO_DISK_SPACE',
    `Not enough disk space in ${folder} for ${purpose}${numbers.length === 0 ? ': the disk is full' : `: ${numbers.join(', ')}`}`,
    `Free some space in ${folder}, or use another disk: TMPDIR sets the temporary folder, and the engine's "data-root" setting its images' folder.`,
    { output, cause },
  );
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)} MB`;
}
