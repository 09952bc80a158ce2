/**
 * What to audit: `relayproof audit` says it on the command line, `npx vitest run` in the environment.
 */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { controls, readControl } from '../containers/configurations/controls.ts';
import { readConfigurationFolder } from '../containers/configurations/folder.ts';
import { readOwnImage } from '../containers/configurations/own-image.ts';
import { readReference, referenceNames } from '../containers/configurations/references.ts';
import { checkSendmail, type SendmailVersion } from '../containers/target/releases.ts';
import { type AuthMode, authModes, type Gate, gates } from '../reports/model.ts';
import { visible } from '../reports/visible.ts';
import { Failure } from './failure.ts';
import { matcher } from './plan.ts';

export type AuditRequest = {
  /** Names or patterns of bundled configurations, or folders; none: all bundled ones. */
  configurations: string[];
  suites: string[];
  attempts: string[];
  mode?: AuthMode;
  /** Somebody's own image to audit; a folder is then what is laid into it. */
  image?: string;
  /** Which sendmail the targets run; none: the newest. */
  sendmail?: SendmailVersion;
  /** An earlier report.json to compare with. */
  baseline?: string;
  /** What the exit status is for, where there is a baseline; none: all violations. */
  gate?: Gate;
  reportDirectory: string;
  /** The words that started the run, for the report. */
  command: string[];
};

export const variables = {
  configurations: 'RELAYPROOF_CONFIGURATION',
  suites: 'RELAYPROOF_SUITE',
  attempts: 'RELAYPROOF_ATTEMPT',
  mode: 'RELAYPROOF_MODE',
  image: 'RELAYPROOF_IMAGE',
  sendmail: 'RELAYPROOF_SENDMAIL',
  baseline: 'RELAYPROOF_BASELINE',
  gate: 'RELAYPROOF_GATE',
  reportDirectory: 'RELAYPROOF_REPORT_DIR',
  command: 'RELAYPROOF_COMMAND',
} as const;

export const DEFAULT_REPORT_DIRECTORY = 'reports/output';

/** A list in an environment variable: words separated by commas, or a JSON array. */
function list(value: string | undefined): string[] {
  if (value === undefined || value.trim() === '') {
    return [];
  }
  if (value.startsWith('[')) {
    try {
      return z.array(z.string()).parse(JSON.parse(value));
    } catch {
      throw new Failure(
        'USAGE',
        `${value}: it begins like a JSON array of strings, and is none`,
        'Separate words by commas.',
      );
    }
  }
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** @throws Failure USAGE for a mode that there is none of */
export function checkMode(mode: string | undefined, where: string): AuthMode | undefined {
  if (mode === undefined || mode === '') {
    return undefined;
  }
  const known = authModes.find((one) => one === mode);
  if (!known) {
    throw new Failure('USAGE', `${where} ${mode}: there is no such mode`, `The modes are ${authModes.join(', ')}.`);
  }
  return known;
}

/** @throws Failure USAGE for a gate that there is none of, or that has no baseline */
export function checkGate(
  gate: string | undefined,
  baseline: string | undefined,
  names: { gate: string; baseline: string },
): Gate | undefined {
  if (gate === undefined || gate === '') {
    return undefined;
  }
  const known = gates.find((one) => one === gate);
  if (!known) {
    throw new Failure(
      'USAGE',
      `${names.gate} ${visible(gate, 100)}: there is no such gate`,
      'It is all (every violation) or new (only those that the baseline does not have).',
    );
  }
  if (baseline === undefined || baseline === '') {
    throw new Failure(
      'USAGE',
      `${names.gate} ${gate}: what is new can be told only with a baseline`,
      `Name an earlier report.json with ${names.baseline}.`,
    );
  }
  return known;
}

export function requestFromEnvironment(environment: NodeJS.ProcessEnv, command: string[]): AuditRequest {
  const mode = checkMode(environment[variables.mode], variables.mode);
  const sendmail = checkSendmail(environment[variables.sendmail], variables.sendmail);
  const baseline = environment[variables.baseline];
  const gate = checkGate(environment[variables.gate], baseline, variables);
  return {
    configurations: list(environment[variables.configurations]),
    suites: list(environment[variables.suites]),
    attempts: list(environment[variables.attempts]),
    ...(mode ? { mode } : {}),
    ...(environment[variables.image] ? { image: environment[variables.image] as string } : {}),
    ...(sendmail ? { sendmail } : {}),
    ...(baseline ? { baseline } : {}),
    ...(gate ? { gate } : {}),
    reportDirectory: environment[variables.reportDirectory] || DEFAULT_REPORT_DIRECTORY,
    command: environment[variables.command] ? list(environment[variables.command]) : command,
  };
}

export const bundledNames: string[] = [...referenceNames, ...controls.map((control) => control.name)];

function readBundled(name: string): Promise<Configuration> {
  const reference = referenceNames.find((one) => one === name);
  if (reference) {
    return readReference(reference);
  }
  const control = controls.find((one) => one.name === name);
  if (!control) {
    throw new Error(`there is no bundled configuration ${name}`);
  }
  return readControl(control);
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Names the bundled configurations or the folder that an argument means. */
function meaningOf(argument: string): { names: string[] } | { folder: string } {
  if (argument === '') {
    throw new Failure('USAGE', 'the name of a configuration is empty', 'Leave it out to audit all bundled ones.');
  }
  const names = bundledNames.filter((name) => matcher(argument)(name));
  if (names.length > 0) {
    return { names };
  }
  if (exists(argument)) {
    return { folder: argument };
  }
  throw new Failure(
    'USAGE',
    `${argument}: neither a bundled configuration nor a folder`,
    '"relayproof list configurations" shows the bundled ones; a folder must be a copy of /etc/mail.',
  );
}

/**
 * Reads the configurations of a request, each once, subjects under names of their own.
 *
 * @throws Failure USAGE or BAD_CONFIGURATION
 */
export async function readConfigurations(
  request: Pick<AuditRequest, 'configurations' | 'mode' | 'image'>,
): Promise<Configuration[]> {
  if (request.image !== undefined) {
    return [await readOwnImage(request.image, request.configurations, request.mode)];
  }
  const wanted = request.configurations.length > 0 ? request.configurations : bundledNames;
  const names = new Set<string>();
  const folders = new Set<string>();
  for (const argument of wanted) {
    const meaning = meaningOf(argument);
    if ('folder' in meaning) {
      folders.add(resolve(meaning.folder));
    } else {
      for (const name of meaning.names) {
        names.add(name);
      }
    }
  }
  if (request.mode && folders.size === 0) {
    throw new Failure(
      'USAGE',
      '--mode: it is for folders, and none is named',
      'Bundled configurations say their mode themselves.',
    );
  }
  const bundled = await Promise.all(bundledNames.filter((name) => names.has(name)).map(readBundled));
  const taken = new Set(bundled.map((configuration) => configuration.name));
  const subjects: Configuration[] = [];
  for (const folder of folders) {
    const subject = await readConfigurationFolder(folder);
    let name = subject.name || basename(folder);
    for (let n = 2; taken.has(name); n++) {
      name = `${subject.name}-${n}`;
    }
    taken.add(name);
    subjects.push({
      ...subject,
      name,
      policy: request.mode ? { ...subject.policy, mode: request.mode } : subject.policy,
    });
  }
  return [...subjects, ...bundled];
}

/** The mode that a policy names; `read` where it is read from the configuration. */
export function modeOfPolicy(policy: Configuration['policy']): AuthMode | 'read' {
  return policy.mode ?? 'read';
}
