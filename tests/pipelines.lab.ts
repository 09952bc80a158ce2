/** What pipelines run, on real folders: the steps of the action, the scripts of GitLab and Jenkins, the hook of pre-commit. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { report as reportModel } from '../reports/model.ts';
import { left, project } from './command-line.ts';
import { commandsIn, runAction } from './composite-action.ts';
import { environmentOf, readJob } from './gitlab-job.ts';
import { readJenkinsfile, shellScripts } from './jenkinsfile.ts';
import { git, projectRepository } from './project-repository.ts';
import { provideProgram } from './provide-program.ts';
import { runScript } from './shell-script.ts';

const reference = join(project, 'containers/configurations/references/smtp-auth');
/** A name that a shell, a runner or YAML might make something of. */
const holed = 'our "mail"; touch pwned, #1';

let scratch: string;
let workspace: string;
let repository: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relayproof-pipelines-'));
  workspace = join(scratch, 'work space');
  repository = join(scratch, 'relayproof');
  await mkdir(workspace);
  await projectRepository(repository);
  await cp(reference, join(workspace, 'good'), { recursive: true });
  await cp(reference, join(workspace, holed), { recursive: true });
  const mc = join(workspace, holed, 'sendmail.mc');
  const text = await readFile(mc, 'utf8');
  await writeFile(mc, text.replace('MAILER(`local', "FEATURE(`promiscuous_relay')dnl\nMAILER(`local"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const reportIn = async (folder: string) =>
  reportModel.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));

describe('the action', () => {
  test('on a folder with a hole fails the job, and shows it at its line', async () => {
    const run = await runAction({ folder: holed, mode: 'smtp-auth', attempt: 'core' }, workspace, {});
    const folder = join(workspace, 'relayproof-report');
    expect(run.outputs, run.steps.map(({ output }) => output).join('\n')).toEqual({
      status: '1',
      verdict: 'non-compliant',
      'report-dir': folder,
    });
    expect(run.failed).toBe(true);
    expect(run.summary).toBe(await readFile(join(folder, 'summary.md'), 'utf8'));
    const commands = run.steps.flatMap(({ output }) => commandsIn(output));
    const line = (await readFile(join(workspace, holed, 'sendmail.mc'), 'utf8'))
      .split('\n')
      .findIndex((one) => one.includes('promiscuous_relay'));
    expect(commands).toContainEqual(
      expect.objectContaining({
        name: 'error',
        properties: expect.objectContaining({ file: `${holed}/sendmail.mc`, line: String(line + 1) }),
      }),
    );
    expect(commands.every(({ name }) => ['error', 'warning', 'notice'].includes(name))).toBe(true);
    expect(run.steps.find(({ name }) => name === 'Artifact')).toMatchObject({ state: 'used', with: { path: folder } });
    expect((await readdir(workspace)).sort()).toEqual(['good', holed, 'relayproof-report']);
    expect((await reportIn(folder)).configurations.map(({ mode }) => mode)).toEqual(['smtp-auth']);
  });

  test('on a good folder lets the job pass, with the findings for code scanning', async () => {
    const run = await runAction(
      { folder: 'good', attempt: 'core', 'report-dir': 'a report', sarif: 'true' },
      workspace,
    );
    const folder = join(workspace, 'a report');
    expect(run.outputs).toEqual({ status: '0', verdict: 'compliant', 'report-dir': folder });
    expect(run.failed).toBe(false);
    const commands = run.steps.flatMap(({ output }) => commandsIn(output));
    expect(commands.filter(({ name }) => name === 'error')).toEqual([]);
    expect(commands.at(-1)).toMatchObject({ name: 'notice', text: expect.stringMatching(/^Compliant: /) });
    const sarif = run.steps.find(({ name }) => name === 'Code scanning');
    expect(sarif).toMatchObject({ state: 'used', with: { sarif_file: join(folder, 'report.sarif') } });
    expect((await stat(join(folder, 'report.sarif'))).size).toBeGreaterThan(0);
  });
});

test('the job of GitLab fails on a hole, and has its artifacts', async () => {
  const work = await mkdtemp(join(scratch, 'gitlab-'));
  await cp(join(workspace, holed), join(work, holed), { recursive: true });
  const job = await readJob({ folder: [holed], attempt: ['core'], repository });
  const { DOCKER_HOST: _engine, DOCKER_TLS_CERTDIR: _folder, ...variables } = environmentOf(job);
  const script = ['set -eo pipefail', ...job.script].join('\n');
  const { status, output } = await runScript(['bash', '-c', script], work, variables);
  expect(status, output).toBe(1);
  expect(await readFile(join(work, job.artifacts.reports.junit), 'utf8')).toMatch(/<failure /);
  for (const path of job.artifacts.paths) expect((await stat(join(work, path))).isDirectory()).toBe(true);
});

test('the script of Jenkins passes on a good folder, and has the tests', async () => {
  const [script = ''] = shellScripts(await readJenkinsfile());
  const { status, output } = await runScript(['sh', '-xe', '-c', script], workspace, {
    WORKSPACE_TMP: join(scratch, 'work space@tmp'),
    AUDIT_REPORT_DIR: 'relayproof-report',
    AUDIT_ATTEMPT: 'core',
    RELAYPROOF_REPOSITORY: repository,
    RELAYPROOF_VERSION: 'main',
    FOLDER: 'good',
    MODE: 'smtp-auth',
  });
  expect(status, output).toBe(0);
  expect(await readFile(join(workspace, 'relayproof-report/junit.xml'), 'utf8')).toMatch(/failures="0" errors="0"/);
});

const preCommit = await provideProgram(['pre-commit'], 'pre-commit');

describe.skipIf(preCommit === undefined)('the hook, with pre-commit (skipped where that cannot be installed)', () => {
  let home: string;
  let commits: string;
  beforeAll(async () => {
    home = join(scratch, 'pre-commit-home');
    commits = await mkdtemp(join(scratch, 'commits-'));
    await git(commits, 'init', '--quiet', '--initial-branch=main');
    await writeFile(join(commits, 'notes.txt'), 'nothing of a mail server\n');
    await cp(join(workspace, holed), join(commits, holed), { recursive: true });
    const config = { repos: [{ repo: repository, rev: 'HEAD', hooks: [{ id: 'relayproof' }] }] };
    const { stdout } = await git(repository, 'rev-parse', 'HEAD');
    for (const repo of config.repos) repo.rev = stdout.trim();
    // JSON is YAML too.
    await writeFile(join(commits, '.pre-commit-config.yaml'), JSON.stringify(config));
    await git(commits, 'add', '.pre-commit-config.yaml', 'notes.txt');
  });
  const hook = () => runScript(['pre-commit', 'run', 'relayproof'], commits, { PRE_COMMIT_HOME: home });

  test('lets a commit pass that has no configuration in it', async () => {
    const { status, output } = await hook();
    expect(status, output).toBe(0);
    expect(output).toMatch(/relayproof\.+Passed/);
  });

  test('stops a commit with a hole, and leaves no file in the way', async () => {
    await git(commits, 'add', '--all');
    const { status, output } = await hook();
    expect(status, output).toBe(1);
    expect(output).toMatch(/relayproof\.+Failed/);
    expect(output).toMatch(/open-relay\/outside-sender/);
    expect((await git(commits, 'status', '--porcelain', '--untracked-files=all')).stdout).not.toMatch(/^\?\?/m);
    expect((await reportIn(join(commits, '.git/relayproof-report'))).verdict).toBe('non-compliant');
  });
});

test('nothing of all that is left behind', async () => {
  expect(await left()).toEqual([]);
});
