/** Reads a configuration folder from disk. It is never written to. */
import { basename, join, resolve } from 'node:path';
import { Failure } from '../../audit/failure.ts';
import type { Role } from '../../reports/model.ts';
import type { Configuration, ConfigurationFile } from './configuration.ts';
import { findConfiguration } from './find-configuration.ts';
import { readRegularFile, treeOf } from './folder-tree.ts';
import { defaultPolicy, parsePolicy } from './policy.ts';
import { asText, mentionedIn, whyText } from './text-form.ts';

export const POLICY_FILE = 'relayproof.yaml';

/** Why a folder cannot be read, in words. */
function unreadable(folder: string, error: NodeJS.ErrnoException): Failure {
  const why: Record<string, string> = {
    ENOENT: 'there is no such folder',
    ENOTDIR: 'it is not a folder',
    EACCES: 'it may not be read',
    EPERM: 'it may not be read',
    ELOOP: 'its symbolic links lead in a circle',
    ENAMETOOLONG: 'its path is too long',
  };
  const forbidden = error.code === 'EACCES' || error.code === 'EPERM';
  return new Failure(
    'BAD_CONFIGURATION',
    `${error.path ?? folder}: ${why[error.code ?? ''] ?? error.message}`,
    forbidden
      ? 'Copy it as somebody who may (root), give the copy to yourself with chown, and audit the copy.'
      : 'Name a folder that is a copy of /etc/mail, or a bundled configuration ("relayproof list").',
    { cause: error },
  );
}

const MAIN = ['sendmail.mc', 'sendmail.cf'] as const;

type Read = {
  files: Map<string, ConfigurationFile>;
  notes: string[];
  policyPath: string;
  source: NonNullable<Configuration['source']> | undefined;
};

async function readFiles(folder: string, inImage: boolean): Promise<Read> {
  const outer = resolve(folder);
  const {
    root,
    stand,
    notes: found,
  } = inImage ? { root: outer, stand: undefined, notes: [] } : await findConfiguration(outer);
  // In messages a folder is called as the user called it.
  const called = root === outer ? folder : root;
  const { files: paths, notes: leftOut } = await treeOf(root);
  const files = new Map<string, ConfigurationFile>();
  for (const path of paths) {
    files.set(path, { content: await readRegularFile(join(root, path)) });
  }
  const main = stand ? [stand.file] : MAIN.filter((path) => files.has(path));
  if (!inImage && !main.some((path) => files.has(path))) {
    const what = stand?.file ?? MAIN.join(' or ');
    throw new Failure(
      'BAD_CONFIGURATION',
      `${called}: ${what} in it is no file`,
      'Name a folder that is a copy of /etc/mail.',
    );
  }
  const notes = [...found, ...leftOut];
  let policyPath = join(called, POLICY_FILE);
  if (root !== outer && !files.has(POLICY_FILE)) {
    const policy = await readRegularFile(join(outer, POLICY_FILE)).catch(() => undefined);
    if (policy) {
      policyPath = join(folder, POLICY_FILE);
      files.set(POLICY_FILE, { content: policy });
      notes.push(`${POLICY_FILE}: the one of the folder that was named`);
    }
  }
  notes.push(...adapt(files, main, called));
  const standing = stand && files.get(stand.file);
  if (standing) {
    files.set(stand.for, standing);
  }
  const [first] = main;
  const source =
    inImage || first === undefined
      ? undefined
      : { folder: root, main: first, ...(stand && stand.for !== stand.file ? { mainAs: stand.for } : {}) };
  return { files, notes, policyPath, source };
}

/** Puts texts into the form that sendmail reads. */
function adapt(files: Map<string, ConfigurationFile>, main: readonly string[], folder: string): string[] {
  const notes: string[] = [];
  const put = (path: string, by: 'name' | 'mention'): void => {
    const file = files.get(path);
    const text = file && asText(file.content, { path, file: join(folder, path), by });
    if (file && text) {
      if (text.content !== file.content) {
        files.set(path, { content: text.content });
      }
      notes.push(...text.notes);
    }
  };
  for (const path of [...main, 'aliases']) {
    put(path, 'name');
  }
  const mentioned = mentionedIn([...main, 'aliases'].map((path) => files.get(path)?.content.toString('latin1') ?? ''));
  for (const path of [...files.keys()].filter((one) => !main.includes(one) && one !== 'aliases')) {
    const by = path === POLICY_FILE ? 'name' : whyText(path, mentioned);
    if (by) {
      put(path, by);
    }
  }
  return notes;
}

/**
 * Reads a folder of the form of /etc/mail.
 *
 * `inImage`: the configuration itself is in somebody's own image, and the folder has what goes beside it.
 *
 * @throws Failure BAD_CONFIGURATION if it is not one, or its relayproof.yaml is wrong
 */
export async function readConfigurationFolder(
  folder: string,
  role: Role = 'subject',
  { inImage = false }: { inImage?: boolean } = {},
): Promise<Configuration> {
  const root = resolve(folder);
  let read: Read;
  try {
    read = await readFiles(folder, inImage);
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(folder, error as NodeJS.ErrnoException);
  }
  const { files, notes, policyPath, source } = read;
  const policyFile = files.get(POLICY_FILE);
  const name = basename(root);
  return {
    name,
    role,
    title: titleOf(files) ?? name,
    files,
    notes,
    policy: policyFile ? parsePolicy(policyFile.content.toString('utf8'), policyPath) : defaultPolicy,
    ...(role === 'subject' ? { folder: root } : {}),
    ...(source ? { source } : {}),
  };
}

/** The first sentence of a README's text. */
function titleOf(files: ReadonlyMap<string, ConfigurationFile>): string | undefined {
  const readme = files.get('README.md')?.content.toString('utf8');
  return readme?.split('\n').find((line) => line !== '' && !line.startsWith('#'));
}
