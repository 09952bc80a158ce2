/** Folders like somebody's /etc/mail, made of a reference and a few changes. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyEdits, type Edit } from '../containers/configurations/edit.ts';
import { type ReferenceName, readReference } from '../containers/configurations/references.ts';

/** Writes a reference with some edits into a folder for the time of the work. */
export async function withFolder(
  base: ReferenceName,
  edits: readonly Edit[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'relayproof-subject-'));
  const folder = join(root, `${base}-changed`);
  try {
    const { files } = applyEdits((await readReference(base)).files, edits);
    for (const [path, { content }] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await work(folder);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
