/** However a run ends, nothing stays: Ctrl-C, SIGTERM, a closed terminal, and, at the next start, kill -9. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../reports/model.ts';
import { left, start, untilItSays } from './command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-interrupted-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const words = (name: string) => ['audit', 'both', 'smtp-auth', 'trusted-network', '--report-dir', join(folder, name)];

test.each(['SIGINT', 'SIGTERM'] as const)('%s: cleaned up, reported as interrupted, 2', async (signal) => {
  const { child, ended } = start(words(signal));
  await untilItSays(child, /3 configurations/);
  // Containers are starting or being tried by now.
  await expect.poll(left, { timeout: 60_000 }).not.toEqual([]);
  child.kill(signal);
  const { status, stderr } = await ended;
  expect(status, stderr).toBe(2);
  const report = JSON.parse(await readFile(join(folder, signal, 'report.json'), 'utf8')) as Report;
  expect(report.verdict).toBe('inconclusive');
  expect(report.reasons.join()).toMatch(`interrupted by ${signal}`);
  expect(await left()).toEqual([]);
});

test('a terminal that is closed: nobody reads any more, and it is cleaned up and reported, 2', async () => {
  const { child, ended } = start(words('hung-up'));
  await untilItSays(child, /3 configurations/);
  await expect.poll(left, { timeout: 60_000 }).not.toEqual([]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.kill('SIGHUP');
  expect((await ended).status).toBe(2);
  const report = JSON.parse(await readFile(join(folder, 'hung-up', 'report.json'), 'utf8')) as Report;
  expect(report.reasons.join()).toMatch('interrupted by SIGHUP');
  expect(await left()).toEqual([]);
});

test('a comparison that is interrupted: cleaned up, 2, and no verdict of an earlier one', async () => {
  const reportFolder = join(folder, 'compared');
  await mkdir(reportFolder);
  await writeFile(join(reportFolder, 'comparison.json'), '{"verdict":"compliant"}');
  const { child, ended } = start(['compare', 'both', 'smtp-auth', '--report-dir', reportFolder]);
  await untilItSays(child, /2 configurations/);
  // Sessions are going on.
  await expect.poll(async () => (await left()).length, { timeout: 60_000 }).toBeGreaterThan(3);
  child.kill('SIGINT');
  const { status, stderr } = await ended;
  expect(status, stderr).toBe(2);
  expect(await readFile(join(reportFolder, 'comparison.json'), 'utf8').catch(() => '')).not.toContain('"compliant"}');
  expect(await left()).toEqual([]);
});

test('kill -9: the next start removes what was left', async () => {
  const { child, ended } = start(words('killed'));
  await untilItSays(child, /3 configurations/);
  await expect.poll(async () => (await left()).length, { timeout: 60_000 }).toBeGreaterThan(2);
  child.kill('SIGKILL');
  await ended;
  expect(await left()).not.toEqual([]);
  expect(await readdir(join(folder, 'killed'))).toEqual([]);
  const next = await start(['audit', 'smtp-auth', '--attempt', 'nmap-01', '--report-dir', join(folder, 'next')]).ended;
  expect(next.status, next.stderr).toBe(0);
  expect(next.stderr).toMatch(/removed what earlier runs left/);
  expect(await left()).toEqual([]);
});
