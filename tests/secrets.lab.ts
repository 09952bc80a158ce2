/** No password and no answer to AUTH leaves a run: not in the report's files, not on standard output or error. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Report, report as reportSchema } from '../reports/model.ts';
import { formsOf, type NamedSecret, searchPayloads, searchSecrets, unpackedFrom } from '../reports/secret-search.ts';
import { project } from './command-line.ts';

/** Every mechanism, with the right password and a wrong one, with TLS and without; and POP logins of all kinds. */
const ATTEMPTS = [
  'smtp-auth/*-starttls',
  'smtp-auth/*-clear',
  'smtp-auth/*-initial-response',
  'smtp-auth/*-another-users-password',
  'smtp-auth/plain-nul-in-user',
  'smtp-auth/login-foreign-realm',
  'pop-before-smtp/*',
  'transport/*auth*',
  'mail-clients/*',
];

let folder: string;
let secrets: NamedSecret[];
let accounts: string[];
/** What the run wrote, by where. */
let outputs: Map<string, string>;
let report: Report;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-secrets-'));
  const [told, directory] = [join(folder, 'passwords'), join(folder, 'report')];
  const options = ATTEMPTS.flatMap((attempt) => ['--attempt', attempt]);
  const words = ['--import', 'tsx', 'tests/audit-and-tell.ts', told, 'audit', 'both', ...options];
  const child = spawn(process.execPath, [...words, '--report-dir', directory], {
    cwd: project,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name))),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk;
    });
  }
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(status, said.stderr).toBe(0);
  outputs = new Map(Object.entries(said));
  for (const name of await readdir(directory)) {
    outputs.set(name, await readFile(join(directory, name), 'utf8'));
  }
  const page = outputs.get('index.html') ?? '';
  outputs.set('index.html', page + unpackedFrom(page));
  report = reportSchema.parse(JSON.parse(outputs.get('report.json') ?? ''));
  const drawn = (await readFile(told, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { account: string; password: string });
  secrets = drawn.map(({ account, password }) => ({ name: account, text: password }));
  accounts = [...new Set(drawn.map(({ account }) => account))];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('there is something to look for, and to look in', () => {
  test('the run drew passwords, and each mechanism and POP logged in with them', () => {
    expect(accounts.length).toBeGreaterThan(3);
    const passed = report.configurations.flatMap(({ attempts }) =>
      attempts.filter(({ verdict, expected }) => verdict === 'pass' && expected === 'deliver').map(({ id }) => id),
    );
    for (const mechanism of ['plain', 'login', 'cram-md5', 'digest-md5', 'scram-sha-1', 'scram-sha-256']) {
      expect(passed).toContain(`smtp-auth/${mechanism}-starttls`);
    }
    for (const mechanism of ['cram-md5', 'digest-md5', 'scram-sha-1', 'scram-sha-256']) {
      expect(passed).toContain(`smtp-auth/${mechanism}-clear`);
    }
    expect(passed).toContain('pop-before-smtp/login');
  });

  test('what was said in their place is in the evidence', () => {
    const written = outputs.get('report.json') ?? '';
    expect(written).toContain('AUTH PLAIN [masked]');
    expect(written).toContain('PASS [masked]');
  });

  test('every file of the report was read, and both streams', () => {
    expect([...outputs.keys()].sort()).toEqual([
      'attempts.jsonl',
      'ctrf.json',
      'index.html',
      'junit.xml',
      'report.json',
      'report.sarif',
      'stderr',
      'stdout',
      'summary.md',
    ]);
    for (const [name, content] of outputs) expect(content.length, name).toBeGreaterThan(100);
  });
});

test('no output has a password, in any form', () => {
  for (const [name, content] of outputs) expect(searchSecrets(content, secrets), name).toEqual([]);
});

test('no output has an answer to AUTH', () => {
  for (const [name, content] of outputs) expect(searchPayloads(content, accounts), name).toEqual([]);
});

test('a password that is planted in an output is found, in every form', () => {
  const [first] = secrets;
  if (!first) throw new Error('the run drew no password');
  for (const [name, content] of outputs) {
    for (const [form, written] of formsOf(first.text)) {
      const middle = Math.floor(content.length / 2);
      const planted = content.slice(0, middle) + written + content.slice(middle);
      expect(searchSecrets(planted, secrets).length, `${form} in ${name}`).toBeGreaterThan(0);
    }
  }
});
