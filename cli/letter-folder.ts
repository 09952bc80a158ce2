/** The folder of letters: those of this run are in it, and none of an earlier run to somebody who needs none any more. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../audit/failure.ts';
import type { Letter } from '../readiness/report/letters.ts';
import { visible } from '../reports/visible.ts';

/** What was written, with the SHA-256 of each: a letter that somebody has changed since is his. */
const RECORD = '.letters.json';

const fingerprint = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

async function recordIn(folder: string): Promise<[file: string, hash: string][]> {
  try {
    const record: unknown = JSON.parse(await readFile(join(folder, RECORD), 'utf8'));
    return Object.entries(record as object).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && basename(entry[0]) === entry[0],
    );
  } catch {
    // There is none yet, or it is nobody’s record: then nothing is known of earlier letters.
    return [];
  }
}

/** Removes what is left of earlier runs. Returns how many letters went, and which stay because they were changed. */
async function clearAway(folder: string, letters: readonly Letter[]): Promise<{ removed: number; changed: string[] }> {
  const current = new Set(letters.map(({ file }) => file));
  let removed = 0;
  const changed: string[] = [];
  for (const [file, hash] of await recordIn(folder)) {
    if (current.has(file)) continue;
    const content = await readFile(join(folder, file)).catch(() => undefined);
    if (content === undefined) continue;
    if (fingerprint(content) === hash) {
      await rm(join(folder, file));
      removed++;
    } else {
      changed.push(file);
    }
  }
  return { removed, changed };
}

/** Whether a file is there that is not a letter of an earlier run as it was written: it is nothing to write over. */
async function isSomebodys(path: string, written: string | undefined, text: string): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) return false;
  if (!there.isFile()) return true;
  const hash = fingerprint(await readFile(path));
  return hash !== written && hash !== fingerprint(text);
}

/** Writes the letters. @throws Failure if the folder or a file in it cannot be written */
export async function writeLetters(
  folder: string,
  letters: readonly Letter[],
): Promise<{ removed: number; changed: string[] }> {
  try {
    await mkdir(folder, { recursive: true });
    const cleared = await clearAway(folder, letters);
    const before = new Map(await recordIn(folder));
    const record: Record<string, string> = {};
    for (const { file, text } of letters) {
      if (await isSomebodys(join(folder, file), before.get(file), text)) {
        cleared.changed.push(file);
        // What was written once is still known: unless it is changed back, it stays his.
        const hash = before.get(file);
        if (hash !== undefined) record[file] = hash;
        continue;
      }
      await writeFile(join(folder, file), text);
      record[file] = fingerprint(text);
    }
    await writeFile(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    return cleared;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new Failure(
      'REPORT_NOT_WRITABLE',
      `${visible(folder)}: letters cannot be written into it (${why})`,
      'Name another folder.',
      { cause: error },
    );
  }
}
