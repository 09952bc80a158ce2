import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configurationOf, takeApart } from './pre-commit.js';

const manifest = fileURLToPath(new URL('../.pre-commit-hooks.yaml', import.meta.url));

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'relayproof-hook-'));
  for (const file of [
    'etc-mail/sendmail.mc',
    'etc-mail/access',
    'etc-mail/m4/provider.m4',
    'etc-mail/cf/old.mc',
    'host/mx1.mc',
    'host/tls/key.pem',
    'plain/relayproof.yaml',
    'docs/text.md',
    'a b;c/sendmail.cf',
  ]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
});
afterAll(() => rmSync(root, { recursive: true }));

// The keys and values of https://pre-commit.com/#creating-new-hooks, as its own loader has them.
const hook = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  entry: z.string(),
  language: z.enum(['node', 'python', 'script', 'system', 'docker_image']),
  args: z.array(z.string()),
  require_serial: z.boolean(),
  minimum_pre_commit_version: z.string().regex(/^\d+\.\d+\.\d+$/),
});

describe('the manifest', () => {
  const hooks = parse(readFileSync(manifest, 'utf8'));
  test('has the keys that there are', () => expect(z.array(hook).safeParse(hooks).error).toBeUndefined());
  test('names a program that is there, and ends its options', () => {
    expect(readFileSync(join(dirname(manifest), hooks[0].entry), 'utf8')).toMatch(/^#!/);
    expect(hooks[0].args.at(-1)).toBe('--');
  });
});

describe('a changed file', () => {
  test.each([
    ['in the folder', 'etc-mail/access', 'etc-mail'],
    ['below it', 'etc-mail/m4/provider.m4', 'etc-mail'],
    ['below it, beside another .mc', 'etc-mail/cf/old.mc', 'etc-mail'],
    ['that was removed with its folder', 'etc-mail/gone/x', 'etc-mail'],
    ['in a folder that has a .mc of another name', 'host/tls/key.pem', 'host'],
    ['in a folder with a policy alone', 'plain/relayproof.yaml', 'plain'],
    ['in a folder with an odd name', 'a b;c/sendmail.cf', 'a b;c'],
    ['elsewhere', 'docs/text.md', undefined],
    ['at the top', 'README.md', undefined],
    ['outside', '../x/sendmail.mc', undefined],
  ])('%s', (_what, file, folder) => {
    expect(configurationOf(file, root)).toBe(folder === undefined ? undefined : join(root, folder));
  });
});

test('options and file names are told apart by the first --, and not by what they look like', () => {
  expect(takeApart(['--attempt', 'core', '--', 'a', '--', '--help'])).toEqual({
    options: ['--attempt', 'core'],
    files: ['a', '--', '--help'],
  });
  expect(takeApart(['--attempt', 'core', 'a'])).toBeUndefined();
});
