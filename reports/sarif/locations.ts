/** Where a result is, as SARIF has it: a line of a file in the folder of the configuration. */
import type { ArtifactLocation, Location, Region, Run } from 'sarif';
import type { Cause, ConfigurationResult } from '../model.ts';
import { visible } from '../visible.ts';
import { messageOf } from './message.ts';

/**
 * The usual name for the root of the sources (SARIF 2.1.0, 3.4.4). GitHub’s code scanning takes relative URIs for
 * relative to the repository and resolves no base, so that a path has all of the way from there.
 */
const ROOT = '%SRCROOT%';

const DEFAULT_MAIN = 'sendmail.mc';
/** No path that a system opens is longer. */
const PATH_LIMIT = 4096;

/** A path as a URI reference; what would be a step up or an empty step is none. */
function uriOf(path: string): string {
  return path
    .slice(0, PATH_LIMIT)
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .map((step) => (step === '..' ? '%2E%2E' : encodeURIComponent(Buffer.from(step).toString())))
    .join('/');
}

/** The base of a configuration of which is not known where its folder is. */
const baseOf = (index: number): string => `CONFIGURATION_${index + 1}`;

/** A file of the configuration at `index` of the report. */
export function artifactOf(file: string, { source }: ConfigurationResult, index: number): ArtifactLocation {
  if (source === undefined) return { uri: uriOf(file), uriBaseId: baseOf(index) };
  const inFolder = `${source.folder}/${file === source.mainAs ? source.main : file}`;
  return source.folder.startsWith('/')
    ? { uri: `file:///${uriOf(inFolder)}` }
    : { uri: uriOf(inFolder), uriBaseId: ROOT };
}

/** What the names of the bases stand for. Where on a disk they are is left out: nobody who reads it is there. */
export function basesOf(configurations: readonly ConfigurationResult[]): NonNullable<Run['originalUriBaseIds']> {
  return Object.fromEntries([
    [ROOT, { description: messageOf('The folder in which the audit was started.') }],
    ...configurations.flatMap(({ name, role, source }, index) =>
      source === undefined && role !== 'control'
        ? [
            [
              baseOf(index),
              { description: messageOf(`The folder or image of the configuration ${visible(name, 300)}.`) },
            ],
          ]
        : [],
    ),
  ]);
}

const lineNumber = (line: number): number => Math.min(Math.max(Math.trunc(line), 1), 2 ** 31 - 1);

type Line = Pick<Cause, 'file' | 'line' | 'text' | 'absent'>;

/** The line of a cause. What is absent has no text there. */
export function lineOf(
  { file, line, text, absent }: Line,
  configuration: ConfigurationResult,
  index: number,
): Location {
  const region: Region = {
    startLine: lineNumber(line),
    ...(absent || text === '' ? {} : { snippet: { text: visible(text) } }),
  };
  return { physicalLocation: { artifactLocation: artifactOf(file, configuration, index), region } };
}

/** Viewers leave out what has no place: where no cause was found, the main file stands for the folder. */
export function fallbackOf(configuration: ConfigurationResult, index: number): Location {
  return {
    message: messageOf('No line was found that causes this. The main file stands for the configuration.'),
    physicalLocation: {
      artifactLocation: artifactOf(configuration.source?.main ?? DEFAULT_MAIN, configuration, index),
      region: { startLine: 1 },
    },
  };
}
