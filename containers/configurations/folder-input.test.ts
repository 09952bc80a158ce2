/** What people name instead of a copy of /etc/mail, and what may be in one. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs, {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf, makeFolder } from './bad-folder.ts';
import { readConfigurationFolder } from './folder.ts';
import { treeOf } from './folder-tree.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'relayproof-input-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Makes files in the folder, and answers with its path. */
const folder = (files: Record<string, string | Buffer>): string => makeFolder(root, files);

const mc = { 'sendmail.mc': 'x\n' };

describe('a folder that is no copy of /etc/mail', () => {
  test('is empty', async () => {
    expect((await failureOf(root)).message).toMatch(/neither a sendmail\.mc nor a sendmail\.cf in it: it is empty$/);
  });

  test.each<[string, Record<string, string>]>([
    ['a mail spool', { alice: 'From bob@x Mon Jan  1\n', bob: 'From alice@x Mon Jan  1\n', lock: '' }],
    ['a mailbox (Maildir)', { 'cur/1': '', 'new/2': '', 'tmp/3': '' }],
    ['a home directory', { '.bashrc': '', 'mail.txt': '' }],
    ['a folder of Postfix', { 'main.cf': '', 'master.cf': '' }],
    ['a folder of Exim', { 'exim4.conf.template': '' }],
    ['a folder of Dovecot', { 'dovecot.conf': '' }],
    ['/etc', { passwd: '', group: '' }],
    ['a whole file system', { 'etc/x': '', 'usr/x': '', 'var/x': '' }],
    ['the folder of a program’s source', { 'package.json': '' }],
  ])('looks like %s', async (what, files) => {
    expect((await failureOf(folder(files))).message).toContain(`it looks like ${what}`);
  });

  test('is a file: of a configuration, a mailbox, an archive', async () => {
    folder({ ...mc, box: 'From alice@x Mon Jan  1\n', 'etc-mail.tar': 'x' });
    const failure = await failureOf(join(root, 'sendmail.mc'));
    expect(failure.advice).toBe(`Name the folder that it is in: ${root}.`);
    expect((await failureOf(join(root, 'box'))).message).toMatch(/not a folder, but looks like a mailbox$/);
    expect((await failureOf(join(root, 'etc-mail.tar'))).advice).toContain('Unpack it');
  });

  test('has one below it', async () => {
    expect((await failureOf(folder({ 'backup/sendmail.cf': 'V10\n' }))).advice).toContain(join(root, 'backup'));
  });
});

describe('the configuration is found', () => {
  test.each(['etc/mail', 'mail'])('in %s, with a note', async (place) => {
    const read = await readConfigurationFolder(
      folder({ [`${place}/sendmail.mc`]: 'x\n', [`${place}/access`]: 'a\n', other: '' }),
    );
    expect([...read.files.keys()].sort()).toEqual(['access', 'sendmail.mc']);
    expect(read.notes?.join()).toContain(`is in ${place} of the folder`);
    expect(read.folder).toBe(root);
    expect(read.source).toEqual({ folder: join(root, place), main: 'sendmail.mc' });
  });

  test('there with the relayproof.yaml that lies above it', async () => {
    const files = { 'etc/mail/sendmail.mc': 'x\n', 'relayproof.yaml': 'mode: both\n' };
    const read = await readConfigurationFolder(folder(files));
    expect(read.policy.mode).toBe('both');
    expect(read.notes?.join()).toContain('relayproof.yaml: the one of the folder that was named');
    folder({ 'relayproof.yaml': 'modes: both\n' });
    expect((await failureOf(root)).message).toContain(`${join(root, 'relayproof.yaml')}:1:1`);
    folder({ 'etc/mail/relayproof.yaml': 'mode: smtp-auth\n' });
    expect((await readConfigurationFolder(root)).policy.mode).toBe('smtp-auth');
  });

  test('not where two could be meant', async () => {
    const failure = await failureOf(folder({ 'etc/mail/sendmail.mc': 'x', 'mail/sendmail.cf': 'x' }));
    expect(failure.advice).toContain(`${join(root, 'etc/mail')}, ${join(root, 'mail')}`);
  });

  test.each([
    [['host.mc'], 'host.mc', 'sendmail.mc'],
    [['config.mc', 'submit.mc', 'config.submit.mc', 'access'], 'config.mc', 'sendmail.mc'],
    [['SENDMAIL.MC'], 'SENDMAIL.MC', 'sendmail.mc'],
    [
      ['mx1.example.net.mc', 'freebsd.mc', 'freebsd.submit.mc', 'mx1.example.net.submit.mc'],
      'mx1.example.net.mc',
      'sendmail.mc',
    ],
    [['freebsd.mc', 'freebsd.submit.mc'], 'freebsd.mc', 'sendmail.mc'],
    [['linux.cf', 'submit.cf'], 'linux.cf', 'sendmail.cf'],
  ])('among %j: %s is read as %s, with a note', async (names, file, meant) => {
    const read = await readConfigurationFolder(folder(Object.fromEntries(names.map((name) => [name, `${name}\n`]))));
    expect(read.files.get(meant)?.content.toString()).toBe(`${file}\n`);
    expect(read.notes?.join()).toContain(`${file}: read as ${meant}`);
    expect(read.source).toEqual({ folder: root, main: file, mainAs: meant });
  });

  test('not among several, which are listed', async () => {
    const failure = await failureOf(folder({ 'one.mc': 'x', 'two.mc': 'x', 'submit.mc': 'x', 'freebsd.mc': 'x' }));
    expect(failure.message).toContain('any of these could be it: freebsd.mc, one.mc, two.mc');
    expect(failure.advice).toContain('sendmail.mc');
  });
});

describe('links', () => {
  test.each([
    ['out of the folder', '/etc/hostname', 'it leads out of the folder, to /etc/hostname'],
    ['nowhere', 'missing', 'it leads nowhere'],
    ['in a circle', 'link', 'it leads in a circle'],
    ['to the folder itself', '.', 'a circle'],
    ['to a folder in it', 'sub', 'it leads to a folder'],
  ])('%s are errors that name link and target', async (_where, target, words) => {
    folder({ ...mc, 'sub/x': '' });
    symlinkSync(target, join(root, 'link'));
    const failure = await failureOf(root);
    expect(failure.message).toMatch(
      new RegExp(`^${join(root, 'link')}: a symbolic link to ${target} that cannot be followed: `),
    );
    expect(failure.message).toContain(words);
    expect(failure.advice).toContain('cp -RL');
  });

  test.each(['aliases', 'smrsh/procmail', 'sasl/Sendmail.conf.2', 'tls/server.key', 'mail.pem'])(
    'that stock folders have to the system around them are left out with a note: %s',
    async (name) => {
      folder({ ...mc, 'smrsh/x': '', 'sasl/x': '', 'tls/x': '' });
      symlinkSync('/nonexistent/of-the-system', join(root, name));
      const read = await readConfigurationFolder(root);
      expect([...read.files.keys()]).not.toContain(name);
      expect(read.notes?.join()).toContain(`${name}: left out: a link to /nonexistent/of-the-system`);
    },
  );

  test('to a name that only begins with two dots lead out of nothing', async () => {
    folder({ ...mc, '..access': 'a\n' });
    symlinkSync('..access', join(root, 'access'));
    expect((await readConfigurationFolder(root)).files.get('access')?.content.toString()).toBe('a\n');
  });
});

describe('left out with a note, and never opened', () => {
  test('are FIFOs, sockets and what links lead to', { timeout: 10_000 }, async () => {
    folder(mc);
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('pipe', join(root, 'access'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve));
    const read = await readConfigurationFolder(root);
    server.close();
    expect([...read.files.keys()]).toEqual(['sendmail.mc']);
    expect(read.notes).toEqual([
      'access: left out: it is a FIFO',
      'pipe: left out: it is a FIFO',
      'socket: left out: it is a socket',
    ]);
  });

  test.each(['.git', '.svn', 'RCS', 'CVS', '.hg'])('is %s', async (name) => {
    const read = await readConfigurationFolder(folder({ ...mc, [`${name}/x`]: 'y', [`sub/${name}/x`]: 'y' }));
    expect([...read.files.keys()]).toEqual(['sendmail.mc']);
    expect(read.notes).toEqual([
      `${name}: left out: it belongs to version control`,
      `sub/${name}: left out: it belongs to version control`,
    ]);
  });
});

test('backup files are copied, and nothing is said of them', async () => {
  const names = ['access~', 'sendmail.mc.rpmnew', '#access#', 'aliases.bak', '.hidden', 'sendmail.mc.rpmsave'];
  const read = await readConfigurationFolder(
    folder({ ...mc, ...Object.fromEntries(names.map((name) => [name, 'x\r\n'])) }),
  );
  expect([...read.files.keys()].sort()).toEqual([...names, 'sendmail.mc'].sort());
  expect(read.files.get('access~')?.content.toString()).toBe('x\r\n');
  expect(read.notes).toEqual([]);
});

test('names may have blanks, line feeds, control characters and quotes in them', async () => {
  const names = ['a b', 'a\nb', 'a\u0007b', "a'b", '-rf', '$(reboot)', 'ü'];
  const read = await readConfigurationFolder(
    folder({ ...mc, ...Object.fromEntries(names.map((name) => [name, name])) }),
  );
  for (const name of names) {
    expect(read.files.get(name)?.content.toString()).toBe(name);
  }
});

test('a name that is no UTF-8 is left out with a note', async () => {
  folder(mc);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff])]), 'x');
  const read = await readConfigurationFolder(root);
  expect([...read.files.keys()]).toEqual(['sendmail.mc']);
  expect(read.notes?.[0]).toContain('its name is no UTF-8');
});

describe('texts are put into the form that sendmail reads', () => {
  test('each with a note that names it, and everything else stays as it is', async () => {
    const read = await readConfigurationFolder(
      folder({
        'sendmail.mc': "FEATURE(`mailertable', `hash /etc/mail/ours')\r\n",
        access: '\uFEFFa\tRELAY\n',
        ours: Buffer.from('\uFEFFx\ty\n', 'utf16le'),
        aliases: Buffer.from('für: root\n', 'latin1'),
        'other.txt': 'x\r\n',
        'access.db': Buffer.from('\0\r\n\0'),
        'relayproof.yaml': Buffer.from('\uFEFFmode: both\r\n', 'utf16le'),
      }),
    );
    expect(read.files.get('sendmail.mc')?.content.toString()).toBe("FEATURE(`mailertable', `hash /etc/mail/ours')\n");
    expect(read.files.get('access')?.content.toString()).toBe('a\tRELAY\n');
    expect(read.files.get('ours')?.content.toString()).toBe('x\ty\n');
    expect(read.files.get('aliases')?.content).toEqual(Buffer.from('für: root\n', 'latin1'));
    expect(read.files.get('other.txt')?.content.toString()).toBe('x\r\n');
    expect(read.files.get('access.db')?.content).toEqual(Buffer.from('\0\r\n\0'));
    expect(read.policy.mode).toBe('both');
    expect(read.notes?.map((note) => note.split(':')[0])).toEqual([
      'sendmail.mc',
      'access',
      'ours',
      'relayproof.yaml',
      'relayproof.yaml',
    ]);
  });

  test.each(['sendmail.mc', 'sendmail.cf', 'access', 'aliases'])(
    'and a program as %s is an error that names it',
    async (name) => {
      folder({ ...mc, [name]: Buffer.from('\x7fELF\x02\x01\0\0', 'latin1') });
      expect((await failureOf(root)).message).toBe(
        `${join(root, name)}: this must be a text, and is none: it is a program (ELF)`,
      );
    },
  );
});

test('a list that aliases includes is a text; what is no text, and only mentioned, stays as it is', async () => {
  const statistics = Buffer.from('\0\r\n');
  const read = await readConfigurationFolder(
    folder({
      'host.mc': "define(`STATUS_FILE', `/etc/mail/statistics')\r\n",
      aliases: 'staff: :include:/etc/mail/lists/staff\n',
      'lists/staff': 'alice\r\n',
      statistics,
    }),
  );
  expect(read.files.get('lists/staff')?.content.toString()).toBe('alice\n');
  expect(read.files.get('statistics')?.content).toEqual(statistics);
  expect(read.files.get('sendmail.mc')?.content.toString()).not.toContain('\r');
  expect(read.notes?.map((note) => note.split(':')[0])).toEqual(['host.mc', 'host.mc', 'lists/staff']);
});

test.each(['sendmail.mc', 'host.mc', 'sendmail.cf'])('a %s that is no file is no configuration', async (name) => {
  execFileSync('mkfifo', [join(root, name)]);
  const { message } = await failureOf(root);
  expect(message).toContain(name);
  expect(message).toMatch(/in it is no file$/);
  rmSync(join(root, name));
  folder({ [`${name}/x`]: '' });
  expect((await failureOf(root)).message).toMatch(/in it is no file$/);
});

describe('size', () => {
  test('a million lines of access are read, in memory that is in proportion', { timeout: 30_000 }, async () => {
    const lines = Array.from(
      { length: 1_000_000 },
      (_, n) => `Connect:10.${n >> 16}.${(n >> 8) & 255}.${n & 255}\tREJECT your host\r\n`,
    );
    const size = lines.reduce((sum, line) => sum + line.length, 0);
    expect(size).toBeGreaterThan(35e6);
    folder({ ...mc, access: lines.join('') });
    lines.length = 0;
    const before = process.memoryUsage();
    const read = await readConfigurationFolder(root);
    const after = process.memoryUsage();
    expect(read.files.get('access')?.content.length).toBe(size - 1_000_000);
    expect(read.notes).toEqual(['access: 1,000,000 lines ended in CR: ended in LF alone']);
    // The file, and the one that is made of it.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(3 * size);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(50e6);
  });

  test('a folder beyond the limit is refused before anything of it is read', async () => {
    folder({ ...mc, huge: '' });
    // Takes no room on the disk, and would take seconds to read.
    truncateSync(join(root, 'huge'), 2 ** 40);
    const began = performance.now();
    expect((await failureOf(root)).message).toContain('256 MiB');
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('so is one with too many files, or with folders without an end', async () => {
    const limits = { bytes: 1 << 20, files: 3, entries: 6, path: 100 };
    const counted = (files: number, folders: number) => {
      for (let n = 0; n < Math.max(files, folders); n++) {
        if (n < files) writeFileSync(join(root, `file-${n}`), '');
        if (n < folders) mkdirSync(join(root, 'f/'.repeat(n + 1)));
      }
      return treeOf(root, limits).finally(() => rmSync(root, { recursive: true }) ?? mkdirSync(root));
    };
    expect((await counted(3, 3)).files).toHaveLength(3);
    await expect(counted(4, 0)).rejects.toThrow(/: more than 3 files, 6 entries or 1 MiB$/);
    expect((await counted(0, 6)).files).toEqual([]);
    await expect(counted(0, 7)).rejects.toThrow('6 entries');
  });

  test('a path that is too long for the target is an error', async () => {
    const deep = Array.from({ length: 15 }, () => 'x'.repeat(240)).join('/');
    folder({ ...mc });
    mkdirSync(join(root, deep), { recursive: true });
    writeFileSync(join(root, deep, 'y'), '');
    expect((await failureOf(root)).message).toContain('a path in it is too long: xxx');
  });
});

describe('what may not be read', () => {
  const forbidden = (path: string) =>
    Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: 'EACCES', path });
  const { open, opendir } = fs.promises;
  afterEach(() => {
    Object.assign(fs.promises, { open, opendir });
    syncBuiltinESMExports();
  });

  test.each(['open', 'opendir'] as const)('is an error that names it, and says what to do (%s)', async (call) => {
    folder({ ...mc, 'sasl/Sendmail.conf': 'x' });
    const secret = join(root, 'sasl', ...(call === 'open' ? ['Sendmail.conf'] : []));
    const real = { open, opendir }[call] as (path: string, ...rest: unknown[]) => Promise<unknown>;
    // For root there is nothing that may not be read.
    Object.assign(fs.promises, {
      [call]: (path: string, ...rest: unknown[]) =>
        path === secret ? Promise.reject(forbidden(path)) : real(path, ...rest),
    });
    syncBuiltinESMExports();
    const failure = await failureOf(root);
    expect(failure.message).toBe(`${secret}: it may not be read`);
    expect(failure.advice).toContain('chown');
  });
});

test('nothing in the folder is written: contents, names and times stay', async () => {
  folder({
    'host.mc': 'x\r\n',
    access: '\uFEFFa\r\n',
    'sub/aliases': Buffer.from('\uFEFFa\n', 'utf16le'),
    '.git/x': '',
  });
  const look = () =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => {
        const kind = fs.lstatSync(path);
        const content = kind.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
        return `${path} ${content} ${kind.mtimeMs} ${kind.ctimeMs} ${kind.mode}`;
      });
  const before = look();
  expect((await readConfigurationFolder(root)).notes?.length).toBeGreaterThan(3);
  expect(look()).toEqual(before);
});
