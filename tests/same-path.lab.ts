/** `npx vitest run` and `relayproof audit` take the same path, and come to the same report. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../reports/model.ts';
import { project, start } from './command-line.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-same-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (name: string) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NO_COLOR: '1',
  RELAYPROOF_CONFIGURATION: 'both,pop-rules-left-in',
  RELAYPROOF_REPORT_DIR: join(folder, name),
});

const vitest = (name: string, words: string[] = []) =>
  run('npx', ['vitest', 'run', ...words], { cwd: project, env: environment(name) as NodeJS.ProcessEnv }).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ ...error, status: error.code }),
  );

const read = async (name: string) => JSON.parse(await readFile(join(folder, name, 'report.json'), 'utf8')) as Report;

/** What is only recorded may depend on what sendmail happens to have in its caches. */
const levelIsInfo = (report: Report) => {
  const noted = new Set(report.catalogue.filter(({ level }) => level === 'info').map(({ id }) => id));
  return (id: string) => noted.has(id);
};

const essence = (report: Report, noted = levelIsInfo(report)) => ({
  verdict: report.verdict,
  exitStatus: report.exitStatus,
  configurations: report.configurations.map(({ name, verdict, attempts }) => ({
    name,
    verdict,
    attempts: attempts.map(({ id, expected, observed, verdict: one }) =>
      noted(id) ? { id, expected } : { id, expected, observed, verdict: one },
    ),
  })),
});

test('both come to the same report', async () => {
  const first = await vitest('vitest');
  expect(first.status, first.stdout + first.stderr).toBe(0);
  expect(first.stdout).toMatch(/✓.*open-relay\.suite\.ts/);
  const words = ['audit', 'both', 'pop-rules-left-in', '--report-dir', join(folder, 'audit')];
  const second = await start(words).ended;
  expect(second.status, second.stderr).toBe(0);
  expect(essence(await read('audit'))).toEqual(essence(await read('vitest')));
});

test('-t selects attempts, and another reporter does not keep the run from its end', async () => {
  const { status, stdout } = await vitest('pattern', [
    '-t',
    'from a sender at the address literal to a percent hack via the host name',
    '--reporter=verbose',
  ]);
  expect(status, stdout).toBe(0);
  const report = await read('pattern');
  expect(report.configurations.map(({ name }) => name)).toEqual(['both']);
  expect(report.configurations[0]?.attempts.map(({ id }) => id)).toEqual([
    'open-relay/percent-hack-host',
    'open-relay/percent-hack-host-submission',
  ]);
});

test('a pattern that matches nothing is 64', async () => {
  const { status, stdout, stderr } = await vitest('nothing', ['-t', 'no attempt has such a name']);
  expect(status).toBe(64);
  expect(stdout + stderr).toMatch(/matches no attempt/);
});
