import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, makeFolder } from './bad-folder.ts';
import { readConfigurationFolder } from './folder.ts';
import { defaultPolicy } from './policy.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'relayproof-folder-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Makes a folder of files, and answers with its path. */
const folder = (name: string, files: Record<string, string | Buffer>): string => makeFolder(join(root, name), files);

describe('a folder', () => {
  test('is read with everything in it, octet by octet, by paths with slashes', async () => {
    const octets = Buffer.from([0, 255, 10, 13, 128]);
    const path = folder('whole', {
      'sendmail.mc': 'x',
      access: 'a b',
      'sasl/Sendmail.conf': 'y',
      'sasl/deep/z.db': octets,
    });
    const { files } = await readConfigurationFolder(path);
    expect([...files.keys()].sort()).toEqual(['access', 'sasl/Sendmail.conf', 'sasl/deep/z.db', 'sendmail.mc']);
    expect(files.get('sasl/deep/z.db')?.content.equals(octets)).toBe(true);
  });

  test('is a subject of its own name, with the default policy, and known by where it came from', async () => {
    const path = folder('etc mail', { 'sendmail.cf': 'V10' });
    const configuration = await readConfigurationFolder(`${path}/`);
    expect(configuration).toMatchObject({ name: 'etc mail', role: 'subject', title: 'etc mail', folder: path });
    expect(configuration.policy).toEqual(defaultPolicy);
    expect(configuration.control).toBeUndefined();
  });

  test('is named after where it is, even if it is called "."', async () => {
    const path = folder('here', { 'sendmail.mc': 'x' });
    expect((await readConfigurationFolder(join(path, '..', basename(path), '.'))).name).toBe('here');
  });

  test('has its policy read, and its title from its README', async () => {
    const path = folder('described', {
      'sendmail.mc': 'x',
      'relayproof.yaml': 'mode: both\n',
      'README.md': '# Name\n\nWhat it allows.\nMore.\n',
    });
    expect(await readConfigurationFolder(path, 'reference')).toMatchObject({
      role: 'reference',
      title: 'What it allows.',
      policy: { ...defaultPolicy, mode: 'both' },
    });
    expect(await readConfigurationFolder(path, 'reference')).not.toHaveProperty('folder');
  });
});

describe('no configuration', () => {
  test.each([{}, { access: 'x' }, { 'submit.mc': 'x', 'submit.cf': 'x' }, { 'sub/sendmail.mc': 'x' }])(
    'is a folder with neither sendmail.mc nor sendmail.cf at its top: %j',
    async (files) => {
      const path = folder(`none-${Object.keys(files).join().length}`, files);
      const { message } = await failureOf(path);
      expect(message).toContain(path);
      expect(message).toContain('neither a sendmail.mc nor a sendmail.cf');
    },
  );

  test('is a folder that is not there', async () => {
    expect((await failureOf(join(root, 'gone'))).message).toBe(`${join(root, 'gone')}: there is no such folder`);
  });

  test('is a file', async () => {
    const file = join(folder('file', { 'sendmail.mc': 'x' }), 'sendmail.mc');
    expect((await failureOf(file)).message).toBe(`${file}: it is not a folder`);
  });

  test('has a policy with a mistake in it: the file is named as the user named the folder', async () => {
    const path = folder('mistaken', { 'sendmail.mc': 'x', 'relayproof.yaml': 'mode: both\nmodes: both\n' });
    expect((await failureOf(path)).message).toBe(
      `${join(path, 'relayproof.yaml')}:2:1: unknown key "modes": did you mean mode?`,
    );
  });
});

describe('symbolic links', () => {
  test('inside the folder are followed, and those that lead out or nowhere are errors', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relayproof-links-'));
    try {
      await writeFile(join(folder, 'sendmail.mc'), 'mc');
      await writeFile(join(folder, 'real'), 'content');
      await symlink('real', join(folder, 'access'));
      const { files } = await readConfigurationFolder(folder);
      expect(files.get('access')?.content.toString()).toBe('content');
      await symlink('/etc/hostname', join(folder, 'out'));
      await expect(readConfigurationFolder(folder)).rejects.toThrow(/out: a symbolic link .*leads out/);
      await rm(join(folder, 'out'));
      await symlink('missing', join(folder, 'dangling'));
      await expect(readConfigurationFolder(folder)).rejects.toThrow(/leads nowhere/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
