import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { requireDiskSpace } from './disk-space.ts';
import { thisOwner } from './process-owner.ts';
import { runCommand } from './run-command.ts';

/** The start of the name of every temporary folder of the project; the rest is a run's id or random. */
export const folderPrefix = 'relayproof-';

/** The file inside that names the process that the folder belongs to. */
export const ownerFile = 'owner.json';

/** Makes the folder of a run, `relayproof-RUNID` in the system's temporary folder, and writes its owner into it. */
export async function claimRunFolder(runId: string): Promise<string> {
  const folder = path.join(os.tmpdir(), `${folderPrefix}${runId}`);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(path.join(folder, ownerFile), JSON.stringify(thisOwner()));
  return folder;
}

/** The folders that temporary folders of the project may be in. */
export function temporaryRoots(): string[] {
  return [...new Set([os.tmpdir(), '/var/tmp'])];
}

/**
 * Runs `work` in a new folder in which a system can be unpacked (device files, programs, `needed` bytes), and removes it after.
 * Throws NO_DISK_SPACE, or an error that says why no folder will do.
 */
export async function withSystemFolder<T>(
  needed: number,
  purpose: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(await chooseRoot(needed, purpose), `${folderPrefix}system-`));
  try {
    await writeFile(path.join(folder, ownerFile), JSON.stringify(thisOwner()));
    return await work(folder);
  } finally {
    await removeFolder(folder);
  }
}

/** Removes a folder and all in it, after unmounting what an interrupted installation left mounted there. */
export async function removeFolder(folder: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  for (const mountPoint of mountsUnder(mounts, folder)) await runCommand('umount', ['-l', mountPoint]);
  await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 });
}

/** The mount points below a folder, the deepest first, in the text of /proc/self/mountinfo. */
export function mountsUnder(mountinfo: string, folder: string): string[] {
  return mountPoints(mountinfo)
    .map(({ point }) => point)
    .filter((point) => point.startsWith(`${folder}/`))
    .reverse();
}

/** Why no system can be unpacked below a folder (its disk is mounted `nodev` or `noexec`); undefined if it can. */
export function mountRefusal(mountinfo: string, folder: string): string | undefined {
  const mount = mountPoints(mountinfo)
    .filter(({ point }) => point === '/' || folder === point || folder.startsWith(`${point}/`))
    // Of two on the same point the later one covers the earlier.
    .reduce<{ point: string; options: string[] } | undefined>(
      (best, next) => (best === undefined || next.point.length >= best.point.length ? next : best),
      undefined,
    );
  const options = mount?.options.filter((option) => option === 'nodev' || option === 'noexec' || option === 'ro') ?? [];
  return options.length === 0 ? undefined : `${folder} is mounted ${options.join(',')}`;
}

async function chooseRoot(needed: number, purpose: string): Promise<string> {
  // A folder that the user names is the user's choice. Else the disk before what is often a small part of the memory.
  const named = process.env.TMPDIR;
  const roots = named ? [path.resolve(named)] : ['/var/tmp', os.tmpdir()];
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  let trouble: unknown;
  for (const root of roots) {
    const refusal = mountRefusal(mountinfo, root);
    if (refusal !== undefined) {
      trouble ??= new Error(`${refusal}; set TMPDIR to a folder that is not`);
      continue;
    }
    try {
      await requireDiskSpace(root, needed, purpose);
      return root;
    } catch (error) {
      trouble = error;
    }
  }
  throw trouble;
}

function mountPoints(mountinfo: string): { point: string; options: string[] }[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([, , , , point, options]) =>
      point === undefined || options === undefined
        ? []
        : [{ point: unescapeMount(point), options: options.split(',') }],
    );
}

function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
