/** Where a report is not written. */
import { realpath } from 'node:fs/promises';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { visible } from '../reports/visible.ts';
import { Failure } from './failure.ts';

/** The path without links, also of what is not there yet. */
export const realOrSame = (path: string): Promise<string> => realpath(path).catch(() => path);

/** What is audited is never written to. @throws Failure USAGE */
export async function requireOtherFolder(
  reportFolder: string,
  configurations: readonly Pick<Configuration, 'folder'>[],
): Promise<void> {
  const target = await realOrSame(reportFolder);
  for (const { folder } of configurations) {
    if (folder === undefined || (await realOrSame(folder)) !== target) continue;
    throw new Failure(
      'USAGE',
      `--report-dir ${visible(reportFolder)}: it is the folder that is audited, which is never written to`,
      'Name another folder.',
    );
  }
}
