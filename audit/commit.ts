/** Which commit of this program ran. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The commit of the checkout that the program runs from, with a `+` where its files were changed; undefined where it is
 * no checkout, or there is no git to ask.
 */
export async function commit(folder = root): Promise<string | undefined> {
  // A package may lie in somebody else's checkout, whose commit says nothing of it.
  if (!existsSync(`${folder}/.git`)) {
    return undefined;
  }
  const git = async (...words: string[]) =>
    (await promisify(execFile)('git', ['-C', folder, '-c', `safe.directory=${folder.replace(/\/$/, '')}`, ...words]))
      .stdout;
  try {
    const [head, changes] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return head.trim() + (changes === '' ? '' : '+');
  } catch {
    return undefined;
  }
}
