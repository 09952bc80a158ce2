/** Reads a configuration folder from disk. */
import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { Failure } from '../../audit/failure.ts';
import type { Role } from '../../reports/model.ts';
import type { Configuration, ConfigurationFile } from './configuration.ts';
import { defaultPolicy, parsePolicy } from './policy.ts';

/** A copy of /etc/mail is some hundred kilobytes; a folder far beyond that is not one. */
const MAX_FOLDER_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 5_000;

export const POLICY_FILE = 'relayproof.yaml';

async function readTree(root: string): Promise<Map<string, ConfigurationFile>> {
  const files = new Map<string, ConfigurationFile>();
  let bytes = 0;
  const tooLarge = (why: string) =>
    new Failure(
      'BAD_CONFIGURATION',
      `${root}: ${why}`,
      'Name the folder that is a copy of /etc/mail, and nothing above it.',
    );
  const visit = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await behindLink(root, path) : entry;
      if (kind.isDirectory()) {
        if (entry.isSymbolicLink()) {
          throw linkTrouble(root, path, 'it leads to a folder');
        }
        await visit(path);
      } else if (kind.isFile()) {
        bytes += (await stat(path)).size;
        if (bytes > MAX_FOLDER_BYTES || files.size >= MAX_FILES) {
          throw tooLarge(`more than ${MAX_FILES} files or ${MAX_FOLDER_BYTES >> 20} MiB`);
        }
        files.set(relative(root, path), { content: await readFile(path) });
      }
    }
  };
  await visit(root);
  return files;
}

function linkTrouble(root: string, path: string, why: string): Failure {
  return new Failure(
    'BAD_CONFIGURATION',
    `${path}: a symbolic link that cannot be followed: ${why}`,
    `Put what it stands for into ${root} itself ("cp -RL" copies what links lead to).`,
  );
}

/** What a link leads to. A file that is missing because its link was not followed would change the configuration. */
async function behindLink(root: string, path: string): Promise<Stats> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) {
    throw linkTrouble(root, path, 'it leads nowhere');
  }
  if (relative(await realpath(root), real).startsWith('..')) {
    throw linkTrouble(root, path, `it leads out of the folder, to ${real}`);
  }
  return stat(path);
}

/** Why a folder cannot be read, in words. */
function unreadable(folder: string, error: NodeJS.ErrnoException): Failure {
  const why: Record<string, string> = {
    ENOENT: 'there is no such folder',
    ENOTDIR: 'it is not a folder',
    EACCES: 'it may not be read',
  };
  return new Failure(
    'BAD_CONFIGURATION',
    `${error.path ?? folder}: ${why[error.code ?? ''] ?? error.message}`,
    'Name a folder that is a copy of /etc/mail, or a bundled configuration ("relayproof list").',
    { cause: error },
  );
}

/**
 * Reads a folder of the form of /etc/mail.
 *
 * @throws Failure BAD_CONFIGURATION if it is not one, or its relayproof.yaml is wrong. `inImage`: the configuration itself is in
 * somebody's own image, and the folder has what goes beside it
 */
export async function readConfigurationFolder(
  folder: string,
  role: Role = 'subject',
  { inImage = false }: { inImage?: boolean } = {},
): Promise<Configuration> {
  const root = resolve(folder);
  let files: Map<string, ConfigurationFile>;
  try {
    files = await readTree(root);
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(folder, error as NodeJS.ErrnoException);
  }
  if (!inImage && !files.has('sendmail.mc') && !files.has('sendmail.cf')) {
    throw new Failure(
      'BAD_CONFIGURATION',
      `${folder}: there is neither a sendmail.mc nor a sendmail.cf in it`,
      'Name a folder that is a copy of /etc/mail. If the file has another name there, call the copy sendmail.mc.',
    );
  }
  const policyFile = files.get(POLICY_FILE);
  const name = basename(root);
  return {
    name,
    role,
    title: titleOf(files) ?? name,
    files,
    policy: policyFile ? parsePolicy(policyFile.content.toString('utf8'), join(folder, POLICY_FILE)) : defaultPolicy,
    ...(role === 'subject' ? { folder: root } : {}),
  };
}

/** The first sentence of a README's text. */
function titleOf(files: ReadonlyMap<string, ConfigurationFile>): string | undefined {
  const readme = files.get('README.md')?.content.toString('utf8');
  return readme?.split('\n').find((line) => line !== '' && !line.startsWith('#'));
}
