/** The command as people call it, where it writes. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../bin/relayproof.js', import.meta.url));
const line =
  'Nov 23 10:00:00 mail dovecot: pop3-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1\n';

let folder: string;
let log: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-readiness-command-'));
  log = join(folder, 'maillog');
  await writeFile(log, line);
  await symlink(log, join(folder, 'link'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, 'readiness', ...args], { cwd: folder, encoding: 'utf8' });

test.each([
  [['maillog', '--html', './maillog'], 'is one of the logs'],
  [['maillog', '--csv', 'link'], 'is one of the logs'],
  [['link', '--csv', 'maillog'], 'is one of the logs'],
  [['maillog', '--html', 'new', '--csv', './new'], 'named twice'],
  [['maillog', '--html', ''], '--html: it is empty'],
  [['maillog', '--report-dir', ''], '--report-dir: it is empty'],
])('%j writes nothing', async (args, words) => {
  const { status, stderr, stdout } = run(...args);
  expect([status, stdout]).toEqual([64, '']);
  expect(stderr).toContain(words);
  expect(await readFile(log, 'utf8')).toBe(line);
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

test('standard output on a full disk is an error of one line, and no verdict', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [program, 'readiness', log, '--json'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect([status, stderr]).toEqual([78, 'Standard output cannot be written (ENOSPC).\n']);
});
