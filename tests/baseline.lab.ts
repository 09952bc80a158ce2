/** A baseline over the life of a folder: a hole that is known, another one beside it, and the first one closed. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BaselineEntry, type Report, report as reportModel } from '../reports/model.ts';
import { left, project, start, withoutVitest } from './command-line.ts';

const reference = join(project, 'containers/configurations/references/smtp-auth');
const localFrom = "FEATURE(`relay_local_from')dnl\n";
const promiscuous = "FEATURE(`promiscuous_relay')dnl\n";

let scratch: string;
let folder: string;
let known: string;
let plain: string;

/** The folder as it is with these holes. */
async function withHoles(...holes: string[]): Promise<void> {
  await writeFile(join(folder, 'sendmail.mc'), plain.replace('MAILER(`local', `${holes.join('')}MAILER(\`local`));
}

const reportFolder = () => join(scratch, 'report');
const report = async (): Promise<Report> =>
  reportModel.parse(JSON.parse(await readFile(join(reportFolder(), 'report.json'), 'utf8')));
const audit = (...words: string[]) =>
  start(['audit', folder, '--attempt', 'core', '--report-dir', reportFolder(), ...words]).ended;
const ids = (entries: readonly BaselineEntry[] = []) => entries.map(({ attempt }) => attempt);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relayproof-baseline-'));
  folder = join(scratch, 'our mail');
  known = join(scratch, 'known holes.json');
  await mkdir(folder);
  await cp(reference, folder, { recursive: true });
  plain = await readFile(join(folder, 'sendmail.mc'), 'utf8');
  await withHoles(localFrom);
  const { status, stdout, stderr } = await audit();
  expect(status, stdout + stderr).toBe(1);
  await rename(join(reportFolder(), 'report.json'), known);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('a hole that is known lets a run pass that is gated on new ones: 0, also through vitest', async () => {
  const environment = {
    ...withoutVitest(process.env),
    RELAYPROOF_CONFIGURATION: folder,
    RELAYPROOF_ATTEMPT: 'core',
    RELAYPROOF_BASELINE: known,
    RELAYPROOF_GATE: 'new',
    RELAYPROOF_REPORT_DIR: reportFolder(),
  };
  const ended = await new Promise<{ status: unknown; stderr: string }>((resolve) => {
    execFile('npx', ['vitest', 'run'], { cwd: project, env: environment }, (error, _stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stderr }),
    );
  });
  expect(ended.stderr).toMatch(/✓ Exit status 0: \d+ known violations?, no new one; gated on new ones\./);
  expect(ended.status, ended.stderr).toBe(0);
  const { verdict, exitStatus, baseline, configurations } = await report();
  expect({ verdict, exitStatus }).toEqual({ verdict: 'non-compliant', exitStatus: 0 });
  expect(ids(baseline?.unchanged)).toContain('sender-trust/local-account');
  expect([ids(baseline?.new), ids(baseline?.fixed), ids(baseline?.undecided)]).toEqual([[], [], []]);
  expect(configurations[0]?.verdict).toBe('non-compliant');
  expect(await readFile(join(reportFolder(), 'junit.xml'), 'utf8')).toMatch(/failures="0" errors="0"/);
});

test('another hole beside it is new: 1', async () => {
  await withHoles(localFrom, promiscuous);
  const { status, stdout, stderr } = await audit('--baseline', known, '--gate', 'new');
  expect(status, stdout + stderr).toBe(1);
  expect(stdout).toMatch(/✗ new, violation: our mail, open-relay\/outside-sender/);
  const { baseline } = await report();
  expect(ids(baseline?.new)).toContain('open-relay/outside-sender');
  expect(ids(baseline?.new)).not.toContain('sender-trust/local-account');
  expect(ids(baseline?.unchanged)).toContain('sender-trust/local-account');
});

test('closed, it is fixed: 0', async () => {
  await withHoles();
  const { status, stdout, stderr } = await audit('--baseline', known);
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/✓ fixed: our mail, sender-trust\/local-account: failed then, passes now/);
  const { baseline } = await report();
  expect([ids(baseline?.new), ids(baseline?.unchanged), ids(baseline?.undecided)]).toEqual([[], [], []]);
});

test('nothing of all that is left behind', async () => {
  expect(await left()).toEqual([]);
});
