/** Where in a folder the configuration is, and what the folder looks like that has none. */
import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../audit/failure.ts';

const MAIN = ['sendmail.mc', 'sendmail.cf'] as const;

export type FoundConfiguration = {
  /** The folder that takes the place of /etc/mail. */
  root: string;
  /** A file of another name that stands for one of the two. */
  stand?: { file: string; for: (typeof MAIN)[number] };
  notes: string[];
};

const bad = (message: string, advice: string) => new Failure('BAD_CONFIGURATION', message, advice);

const COPY = 'Name a folder that is a copy of /etc/mail.';

/** The first octets of a file; empty for what is no file, and is not opened. */
async function headOf(path: string): Promise<string> {
  const kind = await stat(path).catch(() => undefined);
  if (!kind?.isFile()) {
    return '';
  }
  const handle = await open(path).catch(() => undefined);
  try {
    const { buffer, bytesRead } = (await handle?.read(Buffer.alloc(512), 0, 512)) ?? {
      buffer: Buffer.alloc(0),
      bytesRead: 0,
    };
    return buffer.subarray(0, bytesRead).toString('latin1');
  } finally {
    await handle?.close();
  }
}

/** A file in the place of a folder. */
async function noFolder(path: string): Promise<Failure> {
  const message = `${path}: it is not a folder`;
  if (/\.(mc|cf|m4)$/i.test(path)) {
    return bad(message, `Name the folder that it is in: ${dirname(path)}.`);
  }
  const head = await headOf(path);
  if (/\.(tar|tgz|zip|gz|xz|bz2)$/i.test(path) || head.slice(257, 262) === 'ustar') {
    return bad(`${message}, but looks like an archive`, 'Unpack it, and name the folder that has sendmail.mc in it.');
  }
  return bad(head.startsWith('From ') ? `${message}, but looks like a mailbox` : message, COPY);
}

type Likeness = { is: string; when: (names: ReadonlySet<string>) => boolean };

const likenesses: Likeness[] = [
  { is: 'a folder of Postfix', when: (names) => names.has('main.cf') && names.has('master.cf') },
  { is: 'a folder of Exim', when: (names) => [...names].some((name) => /^(update-)?exim4?\.conf/.test(name)) },
  { is: 'a folder of Dovecot', when: (names) => names.has('dovecot.conf') },
  { is: 'a mailbox (Maildir)', when: (names) => ['cur', 'new', 'tmp'].every((name) => names.has(name)) },
  { is: 'a whole file system', when: (names) => ['etc', 'usr', 'var'].every((name) => names.has(name)) },
  { is: '/etc', when: (names) => names.has('passwd') && (names.has('group') || names.has('fstab')) },
  {
    is: 'a home directory',
    when: (names) =>
      ['.bashrc', '.profile', '.bash_history', '.ssh', '.zshrc', '.cshrc'].some((name) => names.has(name)),
  },
  { is: 'the folder of a program’s source', when: (names) => names.has('package.json') || names.has('configure') },
];

/** Files of it that are looked into, to see whether they are mailboxes. */
const LOOKED_INTO = 20;

async function likenessOf(folder: string, names: readonly string[]): Promise<string | undefined> {
  const all = new Set(names);
  const known = likenesses.find(({ when }) => when(all))?.is;
  if (known !== undefined) {
    return known;
  }
  const heads = await Promise.all(names.slice(0, LOOKED_INTO).map((name) => headOf(join(folder, name))));
  const filled = heads.filter((head) => head !== '');
  const mailboxes = filled.filter((head) => head.startsWith('From ')).length;
  return mailboxes > 0 && mailboxes * 2 >= filled.length ? 'a mail spool: files in it are mailboxes' : undefined;
}

/** Files that may stand for one of the two: FreeBSD calls them after the host. Those of submission are another program's. */
function candidates(names: readonly string[], ending: 'mc' | 'cf'): string[] {
  const all = names.filter((name) => new RegExp(`\\.${ending}$`, 'i').test(name) && !/(^|\.)submit\.\w+$/i.test(name));
  // FreeBSD's own sample lies beside the one that was made from it.
  const others = all.filter((name) => name !== `freebsd.${ending}`);
  return others.length === 1 ? others : all;
}

/** The configuration right in a folder. @throws Failure if several could be it */
async function rightIn(folder: string): Promise<FoundConfiguration | undefined> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return [];
    }
    throw error;
  });
  if (MAIN.some((name) => names.includes(name))) {
    return { root: folder, notes: [] };
  }
  if (names.includes('main.cf') && names.includes('master.cf')) {
    return undefined;
  }
  for (const [index, ending] of (['mc', 'cf'] as const).entries()) {
    const found = candidates(names, ending).sort();
    const [file, ...others] = found;
    if (others.length > 0) {
      throw bad(
        `${folder}: there is neither a sendmail.mc nor a sendmail.cf in it, and any of these could be it: ${found.join(', ')}`,
        `Call the copy of the one that is meant ${MAIN[index]}.`,
      );
    }
    const meant = MAIN[index];
    if (file !== undefined && meant !== undefined) {
      return { root: folder, stand: { file, for: meant }, notes: [`${file}: read as ${meant}, which is not there`] };
    }
  }
  return undefined;
}

/**
 * Finds the configuration in a folder, or right below it where /etc/mail may be in a copy of more.
 *
 * @param folder as the user named it
 * @throws Failure BAD_CONFIGURATION that says what the folder looks like, and what to name instead
 */
export async function findConfiguration(folder: string): Promise<FoundConfiguration> {
  if (!(await stat(folder)).isDirectory()) {
    throw await noFolder(folder);
  }
  const here = await rightIn(folder);
  if (here) {
    return here;
  }
  const below: FoundConfiguration[] = [];
  for (const place of ['etc/mail', 'mail']) {
    const found = await rightIn(join(folder, place));
    if (found) {
      below.push({
        ...found,
        notes: [`the configuration is in ${place} of the folder that was named`, ...found.notes],
      });
    }
  }
  const [only, ...others] = below;
  if (only && others.length === 0) {
    return only;
  }
  const nothing = `${folder}: there is neither a sendmail.mc nor a sendmail.cf in it`;
  if (only) {
    throw bad(`${nothing}, but in folders below it`, `Name one of them: ${below.map(({ root }) => root).join(', ')}.`);
  }
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.length === 0) {
    throw bad(`${nothing}: it is empty`, COPY);
  }
  const looks = await likenessOf(
    folder,
    entries.map(({ name }) => name),
  );
  for (const entry of entries.filter((one) => one.isDirectory()).slice(0, LOOKED_INTO)) {
    const inside = await readdir(join(folder, entry.name)).catch((): string[] => []);
    if (MAIN.some((name) => inside.includes(name))) {
      throw bad(nothing, `There is one in ${join(folder, entry.name)}: name that folder.`);
    }
  }
  throw bad(
    looks === undefined ? nothing : `${nothing}: it looks like ${looks}`,
    'Name a folder that is a copy of /etc/mail. If the file has another name there, call the copy sendmail.mc.',
  );
}
