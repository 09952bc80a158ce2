/** Exit status, errors and what is printed where, for good and for bad input. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { report as reportSchema } from '../reports/model.ts';
import { left, project, start } from './command-line.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relayproof-cli-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A subject: a copy of a reference, changed. */
async function subject(name: string, base: string, change: (mc: string) => string): Promise<string> {
  const folder = join(scratch, name);
  await cp(join(project, 'containers/configurations/references', base), folder, { recursive: true });
  const mc = join(folder, 'sendmail.mc');
  await writeFile(mc, change(await readFile(mc, 'utf8')));
  return folder;
}

const audit = (words: string[], environment: NodeJS.ProcessEnv = {}) =>
  start(['audit', ...words, '--report-dir', join(scratch, 'report')], { environment }).ended;

describe('verdicts', () => {
  test('a compliant configuration is 0, and --json puts the report alone on standard output', async () => {
    const { status, stdout, stderr } = await audit(['smtp-auth', '--attempt', 'nmap', '--json']);
    expect(status, stderr).toBe(0);
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(report.verdict).toBe('compliant');
    expect(report.configurations[0]?.attempts).toHaveLength(16);
    expect(stderr).toMatch(/1 configuration, 16 attempts/);
  });

  test('an opened relay is 1, with the violation and the remedy in words', async () => {
    const folder = await subject('opened', 'smtp-auth', (mc) =>
      mc.replace('MAILER(`local', "FEATURE(`promiscuous_relay')dnl\nMAILER(`local"),
    );
    const { status, stdout } = await audit([folder, '--attempt', 'open-relay/outside-sender']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/opened +✗ not compliant/);
    expect(stdout).toMatch(/open-relay\/outside-sender/);
    expect(stdout).toMatch(/Remedy: Remove what lets strangers relay/);
    for (const line of stdout.split('\n').slice(0, -8)) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('a suite that cannot be imported is 2, and named', async () => {
    const copy = join(scratch, 'project');
    await mkdir(copy);
    for (const part of [
      'audit',
      'bin',
      'cli',
      'clients',
      'containers',
      'reports',
      'suites',
      'tsconfig.json',
      'vitest.config.ts',
    ]) {
      await cp(join(project, part), join(copy, part), { recursive: true });
    }
    await cp(join(project, 'package.json'), join(copy, 'package.json'));
    await symlink(join(project, 'node_modules'), join(copy, 'node_modules'));
    await writeFile(join(copy, 'suites/transport.ts'), "throw new Error('broken on purpose');\n");
    const { ended } = start(
      ['audit', 'smtp-auth', '--attempt', 'open-relay/null-sender', '--report-dir', join(scratch, 'r')],
      {
        project: copy,
      },
    );
    const { status, stdout, stderr } = await ended;
    expect(status, stderr).toBe(2);
    expect(stdout).toMatch(/transport.*broken on purpose/s);
    expect(stdout).not.toMatch(/✓ Compliant/);
  });
});

describe('bad input', () => {
  test.each([
    [['audit', 'no-such-thing'], 64, /no-such-thing: neither a bundled configuration nor a folder/],
    [['audit', 'smtp-auth', '--suite', 'nothing'], 64, /--suite nothing: there is no such suite/],
    [['audit', 'smtp-auth', '--attempt', 'nothing/*'], 64, /--attempt nothing\/\*: no attempt/],
    [['audit', '--colour'], 64, /unknown option '--colour'/],
    [['audit', 'smtp-auth', '--mode', 'pop'], 64, /--mode pop: there is no such mode/],
    [['list', 'everything'], 64, /configurations, attempts or suites/],
  ])('%s is %i', async (words, expected, message) => {
    const { status, stdout, stderr } = await start(words).ended;
    expect(status).toBe(expected);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });

  test('a folder without sendmail.mc or sendmail.cf is 78', async () => {
    const folder = join(scratch, 'empty');
    await mkdir(folder, { recursive: true });
    const { status, stderr } = await audit([folder]);
    expect(status).toBe(78);
    expect(stderr).toMatch(/neither a sendmail.mc nor a sendmail.cf/);
  });

  test('a wrong relayproof.yaml is 78, with file, line and column', async () => {
    const folder = await subject('wrong-policy', 'both', (mc) => mc);
    await writeFile(join(folder, 'relayproof.yaml'), 'mode: both\nlifetime: 30m\n');
    const { status, stderr } = await audit([folder]);
    expect(status).toBe(78);
    expect(stderr).toMatch(/relayproof\.yaml:2:1: unknown key "lifetime"/);
  });

  test('a .mc that m4 refuses is 78, with the words of m4 and no time-out', async () => {
    const folder = await subject('refused', 'smtp-auth', (mc) => mc.replace("OSTYPE(`debian')", "OSTYPE(`vms')"));
    const { status, stdout, stderr } = await audit([folder]);
    expect(status, stdout + stderr).toBe(78);
    expect(stdout).toMatch(/refused/);
    expect(stdout).toMatch(/vms/);
  });

  test('a sendmail.cf that sendmail refuses is 78, with its words', async () => {
    const folder = join(scratch, 'refused-cf');
    await mkdir(folder);
    await writeFile(
      join(folder, 'sendmail.cf'),
      'V10/Berkeley\nDjmail.hosting.example\nO NoSuchOption=1\nThis is no line\n',
    );
    const { status, stdout } = await audit([folder]);
    expect(status).toBe(78);
    expect(stdout).toMatch(/refused-cf/);
  });

  test('no engine where DOCKER_HOST points is 78', async () => {
    const { status, stderr } = await audit(['smtp-auth'], { DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    expect(status).toBe(78);
    expect(stderr).toMatch(/No container engine answers at DOCKER_HOST/);
  });

  test('a report folder that is a file is 78, and leaves nothing running', async () => {
    const file = join(scratch, 'a-file');
    await writeFile(file, '');
    const words = ['audit', 'smtp-auth', '--attempt', 'open-relay/null-sender', '--report-dir', file];
    const { status, stderr } = await start(words).ended;
    expect(status).toBe(78);
    expect(stderr).toMatch(/a-file/);
  });

  test('nothing of all that is left behind', async () => {
    expect(await left()).toEqual([]);
  });
});
