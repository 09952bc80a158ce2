/** The earlier report that a run is compared with: read and looked at before anything is started. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { namesUnderTest } from '../reports/baseline/compare.ts';
import type { Earlier } from '../reports/baseline.ts';
import { readReport } from '../reports/read.ts';
import { visible } from '../reports/visible.ts';
import { Failure } from './failure.ts';
import type { Plan } from './plan.ts';
import type { AuditRequest } from './request.ts';

const MOST_NAMED = 5;

const few = (names: readonly string[]) =>
  [...names.slice(0, MOST_NAMED).map((name) => visible(name, 100)), ...(names.length > MOST_NAMED ? ['…'] : [])].join(
    ', ',
  );

const realOrSame = (path: string) => realpath(path).catch(() => path);

/**
 * Reads the baseline of a request; undefined if it names none.
 *
 * @throws Failure USAGE for what is no report, or would be written over by this run
 */
export async function readBaseline(
  request: Pick<AuditRequest, 'baseline' | 'gate' | 'reportDirectory'>,
): Promise<Earlier | undefined> {
  const { baseline: file, gate = 'all', reportDirectory } = request;
  if (file === undefined) {
    return undefined;
  }
  if (file === '') {
    throw new Failure('USAGE', '--baseline: the name of the file is empty', 'Give a report.json of an earlier audit.');
  }
  const report = await readReport(file);
  const own = await realOrSame(join(await realOrSame(reportDirectory), 'report.json'));
  if ((await realOrSame(file)) === own) {
    throw new Failure(
      'USAGE',
      `--baseline ${visible(file, 300)}: this run writes its own report there, and what is new now would be known next time`,
      'Keep the baseline elsewhere, such as under version control, or choose another folder with --report-dir.',
    );
  }
  if (namesUnderTest(report).length === 0) {
    throw new Failure(
      'USAGE',
      `--baseline ${visible(file, 300)}: it has no configuration under test, only controls or nothing at all`,
      'Give the report.json of an audit of the same configurations.',
    );
  }
  return { file, report, gate };
}

/** @throws Failure USAGE if the baseline has none of the configurations of the run */
export function checkBaseline(earlier: Earlier | undefined, plan: Plan): void {
  if (!earlier) {
    return;
  }
  const then = namesUnderTest(earlier.report);
  const now = plan.configurations
    .filter(({ configuration }) => configuration.role !== 'control')
    .map(({ configuration }) => configuration.name);
  if (!now.some((name) => then.includes(name))) {
    throw new Failure(
      'USAGE',
      `--baseline ${visible(earlier.file, 300)}: it is of other configurations: ${few(then)}; this run is of ${few(now) || 'controls alone'}`,
      'Give the report.json of an audit of the same configurations; a folder is known by its name.',
    );
  }
}
