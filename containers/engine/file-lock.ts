import { link, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Owner, ownerState, parseOwner, thisOwner } from './process-owner.ts';

export type LockOptions = {
  /** The folder of the lock files; the system's temporary folder unless given. */
  folder?: string;
  /** Called once if somebody else holds the lock, with the number of that process. */
  onWait?: (pid: number) => void;
  /** How often a held lock is looked at again, in milliseconds. */
  pollMs?: number;
};

let sequence = 0;

/** Runs `work` while no other process of this user runs work under the same name. The lock of a dead process is taken over. */
export async function withFileLock<T>(name: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const { folder = os.tmpdir(), onWait, pollMs = 200 } = options;
  const file = path.join(folder, `relayproof-${process.getuid?.() ?? 'user'}-${name.replace(/[^\w.-]/g, '_')}.lock`);
  // Written whole and linked into place: nobody ever reads a lock that does not name its owner yet.
  const draft = `${file}.${process.pid}.${sequence++}`;
  const content = JSON.stringify({ ...thisOwner(), draft: path.basename(draft) });
  let waiting = false;
  try {
    await writeFile(draft, content, { mode: 0o644, flag: 'w' });
    while (!(await tryLink(draft, file))) {
      const held = await readFile(file, 'utf8').catch(() => undefined);
      if (held === undefined) continue;
      const owner = parseOwner(held);
      if (owner === undefined || (await isAbandoned(file, owner))) {
        if (await removeStale(file, held)) continue;
      } else if (!waiting) {
        waiting = true;
        onWait?.(owner.pid);
      }
      await delay(pollMs);
    }
  } finally {
    await rm(draft, { force: true });
  }
  try {
    return await work();
  } finally {
    if ((await readFile(file, 'utf8').catch(() => undefined)) === content) await rm(file, { force: true });
  }
}

/** From here nothing can be said about a process in another container: its lock counts for as long as any work can take. */
async function isAbandoned(file: string, owner: Owner): Promise<boolean> {
  const state = ownerState(owner);
  return state === 'dead' || (state === 'elsewhere' && (await ageMs(file)) > 3_600_000);
}

/**
 * Removes a dead owner's lock. Two processes may see the same dead lock: only the one that holds the second lock may remove
 * it, and only if it is still the same, or it would remove the fresh lock of the other.
 */
async function removeStale(file: string, seen: string): Promise<boolean> {
  const guard = `${file}.takeover`;
  try {
    await writeFile(guard, String(process.pid), { flag: 'wx' });
  } catch {
    // A takeover takes milliseconds: an old guard is of a process that was killed within them.
    if ((await ageMs(guard)) > 10_000) await rm(guard, { force: true });
    return false;
  }
  try {
    if ((await readFile(file, 'utf8').catch(() => undefined)) === seen) await unlink(file);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** How long ago a file was written, in milliseconds; 0 if it is gone. */
function ageMs(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

async function tryLink(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
