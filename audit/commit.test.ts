import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commit } from './commit.ts';

let folder: string;
const git = (...words: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t.example', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is that of the checkout, with a + where a file was changed', async () => {
  git('init', '-q');
  writeFileSync(join(folder, 'file'), 'one');
  git('add', '.');
  git('commit', '-qm', 'one');
  const head = git('rev-parse', 'HEAD').trim();
  expect(head).toMatch(/^[0-9a-f]{40}$/u);
  expect(await commit(folder)).toBe(head);
  writeFileSync(join(folder, 'another'), 'not tracked');
  expect(await commit(folder)).toBe(head);
  writeFileSync(join(folder, 'file'), 'two');
  expect(await commit(folder)).toBe(`${head}+`);
});

test('is unknown outside a checkout, and in one without a commit', async () => {
  expect(await commit(folder)).toBeUndefined();
  git('init', '-q');
  expect(await commit(folder)).toBeUndefined();
});
