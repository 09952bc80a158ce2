import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Owner, ownerState, parseOwner } from './process-owner.ts';
import { folderPrefix, ownerFile, removeFolder, temporaryRoots } from './temporary-folder.ts';

type OwnedFolder = { folder: string; owner: Owner };

/** Whether another process of this user on this machine has a run under way (or one of which nothing can be said from here). */
export async function otherRunLives(): Promise<boolean> {
  return (await ownedFolders()).some(({ owner }) => owner.pid !== process.pid && ownerState(owner) !== 'dead');
}

/** Removes the temporary folders that dead processes of this user left; returns how many. */
export async function removeDeadFolders(): Promise<number> {
  let removed = 0;
  for (const { folder, owner } of await ownedFolders()) {
    if (ownerState(owner) !== 'dead') continue;
    try {
      await removeFolder(folder);
      removed += 1;
    } catch {
      // A program of the dead run may still be writing there: the next start tries again.
    }
  }
  return removed;
}

async function ownedFolders(): Promise<OwnedFolder[]> {
  const found: OwnedFolder[] = [];
  for (const root of temporaryRoots()) {
    for (const name of await readdir(root).catch(() => [])) {
      if (!name.startsWith(folderPrefix)) continue;
      const folder = path.join(root, name);
      const status = await lstat(folder).catch(() => undefined);
      // In a folder that all may write to, only what is this user's own is believed.
      if (!status?.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid)) continue;
      const owner = parseOwner(await readFile(path.join(folder, ownerFile), 'utf8').catch(() => undefined));
      if (owner !== undefined) found.push({ folder, owner });
    }
  }
  return found;
}
