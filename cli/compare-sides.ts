/** What the two arguments of `relayproof compare` mean: a configuration to audit, or one of an earlier report. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../audit/failure.ts';
import { readConfigurations } from '../audit/request.ts';
import type { Configuration } from '../containers/configurations/configuration.ts';
import type { AuthMode, ConfigurationResult, Report } from '../reports/model.ts';
import { readReport } from '../reports/read.ts';
import { visible } from '../reports/visible.ts';

export type SideName = 'BEFORE' | 'AFTER';

export type ReportSide = { report: Report; configuration: ConfigurationResult; source: string; file: string };
export type AuditSide = { toAudit: Configuration; source: string };
export type Sided = ReportSide | AuditSide;

const kindOf = (path: string): 'file' | 'folder' | undefined => {
  try {
    const found = statSync(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
};

/** What a copy of /etc/mail has, and a report's own folder has not. */
const ofConfigurations = /(?:\.mc|\.cf|^access|^relayproof\.yaml)$/u;

/** @throws Failure USAGE for a folder that is both a report's and a configuration */
function requireOne(folder: string): void {
  const other = readdirSync(folder).find((name) => ofConfigurations.test(name));
  if (other !== undefined) {
    throw new Failure(
      'USAGE',
      `${visible(folder)}: there is a report in it (report.json, index.html), and a configuration (${visible(other, 100)})`,
      `Name ${visible(join(folder, 'report.json'))} for the report. For the configuration, move the report elsewhere.`,
    );
  }
}

/** A report's file and the configuration in it that is meant; undefined for what is no file of that name. */
function reportFileOf(argument: string): { file: string; name: string | undefined } | undefined {
  if (kindOf(argument) === 'file') {
    return { file: argument, name: undefined };
  }
  const inside = join(argument, 'report.json');
  if (kindOf(argument) === 'folder' && kindOf(inside) === 'file' && kindOf(join(argument, 'index.html')) === 'file') {
    requireOne(argument);
    return { file: inside, name: undefined };
  }
  // A name may have a # in it, and so may a path.
  for (let at = argument.indexOf('#'); at > 0; at = argument.indexOf('#', at + 1)) {
    const found = reportFileOf(argument.slice(0, at));
    if (found) {
      return { ...found, name: argument.slice(at + 1) };
    }
  }
  return undefined;
}

const MOST_NAMED = 6;

function namesIn(configurations: readonly ConfigurationResult[]): string {
  const names = configurations.slice(0, MOST_NAMED).map(({ name }) => visible(name, 100));
  return `${names.join(', ')}${configurations.length > MOST_NAMED ? ', …' : ''}`;
}

function chosenOf({ configurations }: Report, name: string | undefined, side: SideName, file: string) {
  if (name !== undefined) {
    const found = configurations.find((one) => one.name === name);
    if (!found) {
      throw new Failure(
        'USAGE',
        `${side} ${visible(file)}: the report has no configuration ${visible(name, 200)}`,
        `It has ${namesIn(configurations) || 'none at all'}.`,
      );
    }
    return found;
  }
  const tested = configurations.filter(({ role }) => role !== 'control');
  const [only, ...others] = tested.length > 0 ? tested : configurations;
  if (only === undefined) {
    throw new Failure('USAGE', `${side} ${visible(file)}: the report has no configuration`, 'Name another one.');
  }
  if (others.length > 0) {
    throw new Failure(
      'USAGE',
      `${side} ${visible(file)}: the report has ${others.length + 1} configurations (${namesIn([only, ...others])})`,
      `Say which one: ${visible(file)}#${visible(only.name, 100)}`,
    );
  }
  return only;
}

/** @throws Failure USAGE or BAD_CONFIGURATION, naming the side */
export async function readSide(side: SideName, argument: string, mode: AuthMode | undefined): Promise<Sided> {
  const reported = argument === '' ? undefined : reportFileOf(argument);
  if (reported) {
    if (mode) {
      throw new Failure(
        'USAGE',
        `--mode-${side.toLowerCase()}: ${side} is a report, whose mode is settled`,
        'Leave it out, or name the folder instead of its report.',
      );
    }
    const report = await readReport(reported.file);
    const configuration = chosenOf(report, reported.name, side, reported.file);
    return { report, configuration, source: argument, file: reported.file };
  }
  const read = await readConfigurations({ configurations: [argument] });
  const [only] = read;
  if (only === undefined || read.length > 1) {
    throw new Failure(
      'USAGE',
      `${side} ${visible(argument)}: it means ${read.length} configurations, and one is compared`,
      '"relayproof list configurations" shows the bundled ones.',
    );
  }
  if (mode && only.folder === undefined) {
    throw new Failure(
      'USAGE',
      `--mode-${side.toLowerCase()}: it is for folders, and ${side} is the bundled ${only.name}`,
      'Bundled configurations say their mode themselves.',
    );
  }
  return { toAudit: mode ? { ...only, policy: { ...only.policy, mode } } : only, source: argument };
}
