/** The guide docs/migration.md is run as it stands, command after command, in an empty folder. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { project, withoutVitest } from './command-line.ts';
import { stepsOf } from './guide.ts';

const steps = stepsOf(join(project, 'docs/migration.md'));

/** What the page's sentences need; the whole catalogue would take minutes. */
const selection = [
  'core',
  'pop-before-smtp/login-submission',
  'smtp-auth/*-starttls',
  'smtp-auth/*-starttls-submission',
  'smtp-auth/submission-unauthenticated',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-guide-'));
  // As from the server.
  await copyFile(join(project, 'docs/examples/maillog'), join(folder, 'maillog'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `npx relayproof` is this checkout's; folders are asked the selection, reports are what they are. */
function run(command: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const asked = /^npx relayproof compare (?!\S*report\.json)/u.test(command)
    ? `${command} ${selection.map((pattern) => `--attempt '${pattern}'`).join(' ')}`
    : command;
  const script = `npx() { shift; "$NODE" "$PROJECT/bin/relayproof.js" "$@"; }\n${asked}`;
  const env = { ...withoutVitest(process.env), NO_COLOR: '1', NODE: process.execPath, PROJECT: project };
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], { cwd: folder, env, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

test('the guide has all its steps', () => {
  expect(steps.flatMap(({ commands }) => commands)).toHaveLength(9);
  expect(steps.filter(({ prints }) => prints.length > 0)).toHaveLength(6);
});

// One after another: each needs what those before it have made.
test.each(steps.map((step) => [step.commands.at(-1) ?? '', step] as const))(
  '%s',
  async (_last, { status: expected, commands, prints }) => {
    let printed = '';
    for (const command of commands) {
      const { status, stdout, stderr } = await run(command);
      expect(status, `${command}\n${stdout}${stderr}`).toBe(expected);
      printed += stdout;
    }
    const words = printed.replace(/\s+/gu, ' ');
    for (const paragraph of prints) {
      expect(words).toContain(paragraph);
    }
  },
);
