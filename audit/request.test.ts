import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referenceNames } from '../containers/configurations/references.ts';
import { authModes, gates } from '../reports/model.ts';
import { EXIT, Failure } from './failure.ts';
import {
  type AuditRequest,
  bundledNames,
  checkGate,
  checkMode,
  DEFAULT_REPORT_DIRECTORY,
  modeOfPolicy,
  readConfigurations,
  requestFromEnvironment,
  variables,
} from './request.ts';

let root = '';
/** Makes a folder that is a configuration. */
function folder(path: string): string {
  const whole = join(root, path);
  mkdirSync(whole, { recursive: true });
  writeFileSync(join(whole, 'sendmail.mc'), '');
  writeFileSync(join(whole, 'relayproof.yaml'), 'mode: both\n');
  return whole;
}
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'relayproof-request-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const namesOf = async (...configurations: string[]) =>
  (await readConfigurations({ configurations })).map(({ name, role }) => `${role} ${name}`);
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => {
      expect(error).toBeInstanceOf(Failure);
      return error as Failure;
    },
  );

/** A request as an environment: lists as JSON arrays. */
const environmentOf = (request: AuditRequest): NodeJS.ProcessEnv => ({
  [variables.configurations]: JSON.stringify(request.configurations),
  [variables.suites]: JSON.stringify(request.suites),
  [variables.attempts]: JSON.stringify(request.attempts),
  [variables.mode]: request.mode ?? '',
  [variables.sendmail]: request.sendmail ?? '',
  [variables.baseline]: request.baseline ?? '',
  [variables.gate]: request.gate ?? '',
  [variables.reportDirectory]: request.reportDirectory,
  [variables.command]: JSON.stringify(request.command),
});

describe('the environment', () => {
  const whole: AuditRequest = {
    configurations: ['both', '/tmp/a, b', 'smtp-*', '[x]'],
    suites: ['open-relay', 'smtp-*'],
    attempts: ['nmap', 'transport/{a,b}', 'with "quotes" and ünïcode'],
    mode: 'smtp-auth',
    sendmail: '8.17',
    baseline: 'before/report, of "May".json',
    gate: 'new',
    reportDirectory: '/tmp/report, of "today"',
    command: ['relayproof', 'audit', '--attempt', 'a,b'],
  };
  const { mode: _mode, ...withoutMode } = whole;
  const { sendmail: _sendmail, ...withoutSendmail } = whole;
  const { gate: _gate, ...withoutGate } = whole;
  const { baseline: _baseline, ...withoutBaseline } = withoutGate;
  const empty: AuditRequest = { ...withoutMode, configurations: [], suites: [], attempts: [], command: [] };

  test.each([
    ['everything', whole],
    ['no mode', withoutMode],
    ['no sendmail', withoutSendmail],
    ['a baseline and no gate', withoutGate],
    ['no baseline', withoutBaseline],
    ['nothing', empty],
  ])('brings a request back as it was: %s', (_what, request) => {
    expect(requestFromEnvironment(environmentOf(request), ['another command'])).toEqual(request);
  });

  test('may be written by hand, with commas; what is not there is the default', () => {
    const request = requestFromEnvironment({ RELAYPROOF_CONFIGURATION: 'both, smtp-auth', RELAYPROOF_SUITE: ' ' }, [
      'vitest',
    ]);
    expect(request).toEqual({
      configurations: ['both', 'smtp-auth'],
      suites: [],
      attempts: [],
      reportDirectory: DEFAULT_REPORT_DIRECTORY,
      command: ['vitest'],
    });
  });

  test('names a mode that there is, or it is wrong usage', () => {
    for (const mode of authModes) {
      expect(checkMode(mode, '--mode')).toBe(mode);
    }
    expect([checkMode(undefined, '--mode'), checkMode('', '--mode')]).toEqual([undefined, undefined]);
    for (const check of [
      () => checkMode('smtp', '--mode'),
      () => requestFromEnvironment({ RELAYPROOF_MODE: 'BOTH' }, []),
    ]) {
      expect(check).toThrow(Failure);
      expect(check).toThrow(/^(--mode smtp|RELAYPROOF_MODE BOTH): there is no such mode$/);
    }
  });
});

describe('the gate', () => {
  const names = { gate: '--gate', baseline: '--baseline' };
  test('is one that there is, and needs a baseline', () => {
    expect(gates.map((gate) => checkGate(gate, 'r.json', names))).toEqual([...gates]);
    expect([checkGate(undefined, undefined, names), checkGate('', 'r.json', names)]).toEqual([undefined, undefined]);
    expect(() => checkGate('old', 'r.json', names)).toThrow(/^--gate old: there is no such gate$/);
    expect(() => checkGate('new', undefined, names)).toThrow(
      /^--gate new: what is new can be told only with a baseline$/,
    );
    expect(() => requestFromEnvironment({ RELAYPROOF_GATE: 'new' }, [])).toThrow(/^RELAYPROOF_GATE new: /);
  });
});

describe('the configurations of a request', () => {
  test('are all bundled ones if none is named', async () => {
    const all = await readConfigurations({ configurations: [] });
    expect(all.map(({ name }) => name)).toEqual(bundledNames);
    expect(all.filter(({ role }) => role === 'reference')).toHaveLength(referenceNames.length);
    expect(new Set(bundledNames).size).toBe(bundledNames.length);
  });

  test('are bundled ones by name or pattern, each once', async () => {
    expect(await namesOf('smtp-auth', 'smtp-auth')).toEqual(['reference smtp-auth']);
    expect(await namesOf('both*', 'both-procmail')).toEqual(['reference both', 'reference both-procmail']);
    expect((await namesOf('*')).length).toBe(bundledNames.length);
  });

  test('are subjects by their folder, each once, ahead of the bundled ones', async () => {
    const path = folder('one/site');
    expect(await namesOf('both', path, path)).toEqual(['subject site', 'reference both']);
  });

  test('have names of their own where folders are called the same', async () => {
    const paths = ['a/mail', 'b/mail', 'c/mail', 'd/mail-2'].map(folder);
    expect(await namesOf(...paths)).toEqual(['subject mail', 'subject mail-2', 'subject mail-3', 'subject mail-2-2']);
    const both = folder('e/both');
    expect(await namesOf(both, 'both')).toEqual(['subject both-2', 'reference both']);
    expect(await namesOf(both)).toEqual(['subject both']);
  });

  test('have the mode that is asked for, if they are folders', async () => {
    const path = folder('f/moded');
    const [subject, reference] = await readConfigurations({ configurations: [path, 'both'], mode: 'smtp-auth' });
    expect([subject?.policy.mode, reference?.policy.mode]).toEqual(['smtp-auth', 'both']);
    const [asItIs] = await readConfigurations({ configurations: [path] });
    expect(asItIs?.policy.mode).toBe('both');
  });

  test('are wrong usage where a mode is asked for and there is no folder', async () => {
    const failure = await failureOf(readConfigurations({ configurations: ['both'], mode: 'both' }));
    expect(failure).toMatchObject({ code: 'USAGE', exitStatus: EXIT.usage });
    expect(failure?.message).toContain('--mode');
  });

  test.each(['nobody', 'both-', './gone', '/no/such/folder', 'Both'])(
    'are wrong usage if there is none: %s',
    async (name) => {
      const failure = await failureOf(readConfigurations({ configurations: ['both', name] }));
      expect(failure).toMatchObject({ code: 'USAGE', exitStatus: EXIT.usage });
      expect(failure?.message).toContain(name);
      expect(failure?.advice).not.toBe('');
    },
  );

  test('are bad where the folder is none, or is a file', async () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    for (const path of [empty, join(folder('g/file'), 'sendmail.mc')]) {
      const failure = await failureOf(readConfigurations({ configurations: [path] }));
      expect(failure).toMatchObject({ code: 'BAD_CONFIGURATION', exitStatus: EXIT.configuration });
      expect(failure?.message).toContain(path);
    }
  });
});

test('a policy that names no mode leaves it to be read', async () => {
  const [one] = await readConfigurations({ configurations: ['both'] });
  expect(one && modeOfPolicy(one.policy)).toBe('both');
  expect(one && modeOfPolicy({ ...one.policy, mode: undefined })).toBe('read');
});
