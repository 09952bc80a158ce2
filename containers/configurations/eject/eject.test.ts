import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfigurationFolder } from '../folder.ts';
import { readReference, referenceNames } from '../references.ts';
import { ejectedFiles } from './eject.ts';
import { writeFolder } from './write-folder.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relayproof-eject-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe.each(referenceNames)('%s, ejected', async (name) => {
  const reference = await readReference(name);
  const files = await ejectedFiles(name);
  const paths = files.map(({ path }) => path);
  const text = (path: string) => files.find((file) => file.path === path)?.content.toString('utf8') ?? '';
  const pop = !name.startsWith('smtp-auth');
  const auth = !name.startsWith('pop-before-smtp');

  test('has the reference’s files as they are', () => {
    for (const [path, { content }] of reference.files) {
      if (path !== 'README.md') {
        expect([path, files.find((file) => file.path === path)?.content.equals(content)]).toEqual([path, true]);
      }
    }
    expect(
      text('README.md').startsWith(reference.files.get('README.md')?.content.toString('utf8').trimEnd() ?? '-'),
    ).toBe(true);
  });

  test('is read as the same configuration: what is meant, the title, and nothing to remark on', async () => {
    const folder = join(scratch, name);
    await writeFolder(folder, files);
    const read = await readConfigurationFolder(folder);
    expect(read).toMatchObject({ name, role: 'subject', title: reference.title, policy: reference.policy });
    expect([...read.files.keys()].sort()).toEqual([...paths].sort());
  });

  test('has the pieces of its mode, and no others', () => {
    expect(paths.includes('sasl/Sendmail.conf')).toBe(auth);
    expect(paths.includes('popauth.conf')).toBe(pop);
    expect(paths.filter((path) => path.startsWith('pop/')).length).toBe(pop ? 8 : 0);
    expect(text('Makefile').includes('install-pop:')).toBe(pop);
    expect(text('Makefile').includes('install-sasl:')).toBe(auth);
    const steps = text('README.md').split('# Installing it')[1] ?? '';
    expect([steps.includes('dovecot'), steps.includes('saslpasswd2')]).toEqual([pop, auth]);
    expect(/apt-get install [^`]*\bprocmail\b/.test(steps)).toBe(name.endsWith('-procmail'));
    expect(steps.includes(`eject \`${name}-procmail\``)).toBe(!name.endsWith('-procmail'));
  });

  test('has a README that lists every file, the systems, and steps that are numbered through', () => {
    const readme = text('README.md');
    for (const path of paths.filter((one) => one !== 'README.md')) {
      expect([path, readme.includes(`| \`${path}\``)]).toEqual([path, true]);
    }
    for (const words of [
      'Debian',
      'Red Hat',
      'FreeBSD',
      'cf.m4',
      'apt-get',
      'dnf',
      'pkg install',
      'Roll back',
      'relayproof audit .',
    ]) {
      expect(readme).toContain(words);
    }
    const numbers = [...readme.matchAll(/^## (\d+)\. /gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeGreaterThanOrEqual(6);
  });

  test('installs what there is, and names nothing of the lab', () => {
    const texts = /^TEXTS = (.*)$/m.exec(text('Makefile'))?.[1]?.split(' ') ?? [];
    expect(texts.filter((file) => !paths.includes(file))).toEqual([]);
    for (const [, file = ''] of text('Makefile').matchAll(/\b((?:pop|sasl)\/[\w.-]+)/g)) {
      expect(paths).toContain(file);
    }
    for (const { path, content } of files.filter(({ path }) => /^(pop|sasl)\/|^Makefile$|^popauth/.test(path))) {
      expect([path, /relayproof|\/opt\/|198\.1[89]/.test(content.toString('utf8'))]).toEqual([path, false]);
    }
    expect(files.filter(({ executable }) => executable).map(({ path }) => path)).toEqual(
      pop ? ['pop/pop-login', 'pop/popauth'] : [],
    );
  });

  test('has a writer, if its mode has one, that keeps what is promised by settings that the audit’s own writer knows', async () => {
    if (!pop) {
      expect(reference.files.get('sendmail.mc')?.content.toString()).not.toMatch(/^FEATURE\(`drac'/m);
      return;
    }
    const { map, lifetime } = reference.policy.popAuthorization;
    const settings = Object.fromEntries(
      text('popauth.conf')
        .split('\n')
        .filter((line) => /^\w/.test(line))
        .map((line) => line.split(' = ')),
    );
    expect(settings).toEqual({ map, lifetime: String(lifetime) });
    expect(reference.files.get('sendmail.mc')?.content.toString()).toContain(`FEATURE(\`drac', \`${map}')`);
    expect(text('pop/pop-before-smtp.m4')).toContain(`Kpopauth ${map}\n`);
    const own = await readFile(new URL('../../target/image/relayproof/popauth', import.meta.url), 'utf8');
    for (const key of Object.keys(settings)) {
      expect(own).toMatch(new RegExp(`\\b${key} => `));
    }
    expect(text('popauth.conf')).not.toContain('MAP_OF');
  });
});
