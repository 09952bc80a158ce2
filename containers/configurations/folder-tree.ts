/** What there is in a folder: found without opening a file, so that a folder that is none is refused at once. */
import { constants, type Dirent, type Stats } from 'node:fs';
import { open, opendir, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Failure } from '../../audit/failure.ts';

const LIMITS = {
  /** A copy of /etc/mail is some hundred kilobytes; a folder far beyond that is not one. */
  bytes: 256 * 1024 * 1024,
  files: 5_000,
  /** Folders are no files, and a tree of nothing but folders has an end as well. */
  entries: 20_000,
  /** Octets that the target can open, with its own folder before them (PATH_MAX is 4096). */
  path: 3_500,
};

const versionControl = new Set(['.git', '.svn', '.hg', '.bzr', 'CVS', 'RCS', 'SCCS', '_darcs', '.jj']);

export type FolderTree = {
  /** Paths with slashes, in order. */
  files: string[];
  notes: string[];
};

const bad = (message: string, advice: string) => new Failure('BAD_CONFIGURATION', message, advice);

function specialKind(kind: Dirent | Stats): string | undefined {
  const kinds: [boolean, string][] = [
    [kind.isFIFO(), 'a FIFO'],
    [kind.isSocket(), 'a socket'],
    [kind.isBlockDevice() || kind.isCharacterDevice(), 'a device'],
  ];
  return kinds.find(([is]) => is)?.[1];
}

function linkTrouble(root: string, path: string, target: string, why: string): Failure {
  return bad(
    `${path}: a symbolic link to ${target} that cannot be followed: ${why}`,
    `Put what it stands for into ${root} itself: "cp -RL" copies what links lead to.`,
  );
}

/**
 * Links that stock folders have to files of the system around them. The target has those itself, or says what stands for
 * them: alias files, the programs that smrsh lets run, certificates.
 */
const systemLink =
  /^(aliases|smrsh\/[^/]+|sasl\/Sendmail\.conf\.2|(tls|certs|ssl)\/[^/]+|[^/]+\.(pem|crt|cer|key|csr|prm))$/;

/** What a link leads to; undefined if it is one of the system's own. A file that is missing because its link was not followed would change the configuration. */
async function behindLink(root: string, path: string, name: string): Promise<Stats | undefined> {
  const target = await readlink(path);
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && systemLink.test(name)) {
      return undefined;
    }
    const why: Record<string, string> = { ELOOP: 'it leads in a circle', EACCES: 'what it leads to may not be read' };
    throw linkTrouble(root, path, target, why[error.code ?? ''] ?? 'it leads nowhere');
  });
  if (real === undefined) {
    return undefined;
  }
  const inside = relative(await realpath(root), real);
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    if (systemLink.test(name)) {
      return undefined;
    }
    throw linkTrouble(root, path, target, `it leads out of the folder, to ${real}`);
  }
  const kind = await stat(path);
  if (kind.isDirectory()) {
    const around = join(await realpath(root), relative(root, path));
    throw linkTrouble(
      root,
      path,
      target,
      around.startsWith(`${real}${sep}`) ? 'it leads to a folder that it is in: a circle' : 'it leads to a folder',
    );
  }
  return kind;
}

/**
 * Looks through a folder; opens nothing but folders.
 *
 * @throws Failure BAD_CONFIGURATION for a link that cannot be followed, and for a folder that is too large
 */
export async function treeOf(root: string, limits: typeof LIMITS = LIMITS): Promise<FolderTree> {
  const files: string[] = [];
  const notes: string[] = [];
  let bytes = 0;
  let entries = 0;
  // Breadth first: a folder that is too large shows it near its top.
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const found: Dirent[] = [];
    for await (const entry of await opendir(folder)) {
      found.push(entry);
      entries += 1;
      if (entries > limits.entries) {
        throw tooLarge(root, limits);
      }
    }
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const name = relative(root, path).split(sep).join('/');
      if (entry.name.includes('\uFFFD')) {
        notes.push(`${name}: left out: its name is no UTF-8`);
        continue;
      }
      if (Buffer.byteLength(name) > limits.path) {
        throw bad(
          `${root}: a path in it is too long: ${name.slice(0, 80)}…`,
          'Name the folder that is a copy of /etc/mail.',
        );
      }
      const kind = entry.isSymbolicLink() ? await behindLink(root, path, name) : entry;
      if (kind === undefined) {
        notes.push(`${name}: left out: a link to ${await readlink(path)}, which is no part of the folder`);
        continue;
      }
      const special = specialKind(kind);
      if (special !== undefined) {
        notes.push(`${name}: left out: it is ${special}`);
      } else if (kind.isDirectory() && versionControl.has(entry.name)) {
        notes.push(`${name}: left out: it belongs to version control`);
      } else if (kind.isDirectory()) {
        folders.push(path);
      } else if (kind.isFile()) {
        bytes += (await stat(path)).size;
        files.push(name);
        if (bytes > limits.bytes || files.length > limits.files) {
          throw tooLarge(root, limits);
        }
      }
    }
  }
  return { files: files.sort(), notes };
}

const tooLarge = (root: string, { files, entries, bytes }: typeof LIMITS) =>
  bad(
    `${root}: more than ${files.toLocaleString('en-US')} files, ${entries.toLocaleString('en-US')} entries or ${bytes >> 20} MiB`,
    'Name the folder that is a copy of /etc/mail, and nothing above it.',
  );

/** Reads a regular file; what has become something else in the meantime is not waited for. */
export async function readRegularFile(path: string): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) {
      throw bad(`${path}: it was a file, and is none any more`, 'Audit a copy that nothing else changes.');
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
