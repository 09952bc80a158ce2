/** Reads a configuration folder from disk. */
import { lstat, readdir, readFile } from 'node:fs/promises';
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
      if (entry.isDirectory()) {
        await visit(path);
      } else if (entry.isFile()) {
        bytes += (await lstat(path)).size;
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
 * @throws Failure BAD_CONFIGURATION if it is not one, or its relayproof.yaml is wrong
 */
export async function readConfigurationFolder(folder: string, role: Role = 'subject'): Promise<Configuration> {
  const root = resolve(folder);
  let files: Map<string, ConfigurationFile>;
  try {
    files = await readTree(root);
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(folder, error as NodeJS.ErrnoException);
  }
  if (!files.has('sendmail.mc') && !files.has('sendmail.cf')) {
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
