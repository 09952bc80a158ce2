/** This project as a repository that a pipeline or pre-commit clones: as it is in the working tree, with its packages. */
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { project } from './command-line.ts';

const run = promisify(execFile);

export const git = (folder: string, ...words: string[]) =>
  run(
    'git',
    ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.net', '-c', 'commit.gpgsign=false', ...words],
    { maxBuffer: 64 * 2 ** 20 },
  );

/** Makes the repository in a new folder; its branch is `main`. The packages are a link to those that are here. */
export async function projectRepository(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const parts = ['audit', 'bin', 'ci', 'cli', 'clients', 'containers', 'reports', 'suites', 'tsconfig.json'];
  parts.push('vitest.config.ts', 'package.json', 'package-lock.json', '.pre-commit-hooks.yaml');
  const { stdout } = await git(project, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...parts);
  for (const file of new Set(stdout.split('\0').filter((name) => name !== ''))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(project, file), join(folder, file));
  }
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message=as it is');
}
