/** The report folder: every file whole or not there, and `report.json` last. */
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../audit/failure.ts';
import { renderCtrf } from './ctrf.ts';
import { renderHtml } from './html.tsx';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderLines } from './lines.ts';
import { type Report, report as reportSchema } from './model.ts';
import { locationOf } from './read.ts';
import { renderSarif } from './sarif.ts';
import { renderSummary } from './summary.ts';
import { visible } from './visible.ts';

export { readReport } from './read.ts';

// Whoever waits for report.json finds the others beside it.
const forms: readonly { name: string; render: (report: Report) => string | Promise<string> }[] = [
  { name: 'index.html', render: renderHtml },
  { name: 'junit.xml', render: renderJunit },
  { name: 'ctrf.json', render: renderCtrf },
  { name: 'report.sarif', render: renderSarif },
  { name: 'summary.md', render: renderSummary },
  { name: 'attempts.jsonl', render: renderLines },
  { name: 'report.json', render: renderJson },
];

const causes: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than files may be here',
  ENOENT: 'no folder can be made here',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ERR_FS_EISDIR: 'a folder of this name is in the way',
  EISDIR: 'a folder of this name is in the way',
  ENOTEMPTY: 'a folder of this name is in the way',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the path is a loop of symbolic links',
};

function notWritable(path: string, error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const cause = (code === undefined ? undefined : causes[code]) ?? (error instanceof Error ? error.message : 'unknown');
  const advice =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'Free some space, or choose another folder with --report-dir.'
      : 'Choose a folder that can be written to with --report-dir.';
  return new Failure('REPORT_NOT_WRITABLE', `Cannot write ${visible(path)}: ${visible(cause, 300)}`, advice, {
    cause: error,
  });
}

async function orFail<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** Writes a new file and waits until the disk has it. */
async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames last. Some file systems cannot do this for a folder, and need not. */
async function syncFolder(directory: string): Promise<void> {
  try {
    const folder = await open(directory, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // The files themselves are on the disk already.
  }
}

/** The report with its fields in the order of the model: drawn again from what is written, it is the same. */
function validated(report: Report, directory: string): Report {
  const result = reportSchema.safeParse(report);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = locationOf(issue?.path ?? []);
  const message = `Cannot write ${visible(directory)}: the result is not a valid report at ${place}: ${visible(issue?.message ?? 'invalid', 300)}`;
  throw new Failure('REPORT_NOT_WRITABLE', message, 'This is a defect of relayproof: please report it.', {
    cause: result.error,
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

// Node's own recursive mkdir never returns where a folder exists in which nothing can be made, as in /proc.
async function makeParents(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return;
    const parent = dirname(directory);
    if (code !== 'ENOENT' || parent === directory || (await exists(parent))) throw error;
    await makeParents(parent);
    await makeParents(directory);
  }
}

async function makeFolder(directory: string): Promise<void> {
  await orFail(directory, async () => {
    if (!(await exists(directory))) await makeParents(resolve(directory));
    if (!(await stat(directory)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'EEXIST' });
  });
}

/**
 * Makes the folder ready before a run: whether it can be written is known then and not at the end, and the verdict of
 * an earlier run does not stand there while this one goes on. Throws Failure REPORT_NOT_WRITABLE.
 */
export async function prepareReportFolder(directory: string): Promise<void> {
  await makeFolder(directory);
  await orFail(directory, () => access(directory, constants.W_OK));
  const earlier = join(directory, 'report.json');
  await orFail(earlier, () => rm(earlier, { force: true }));
}

/** A file of the report folder that is not written yet. */
export type DrawnFile = { name: string; content: string };

/** The content of every file of a report folder. Throws Failure REPORT_NOT_WRITABLE if the report is not valid. */
export async function drawReport(report: Report, directory: string): Promise<DrawnFile[]> {
  const valid = validated(report, directory);
  return Promise.all(forms.map(async ({ name, render }) => ({ name, content: await render(valid) })));
}

/** Draws a report and writes it into a folder; answers the paths of the files. */
export async function writeReportFolder(report: Report, directory: string): Promise<string[]> {
  return writeDrawn(await drawReport(report, directory), directory);
}

/**
 * Writes the report's files into a folder, and answers their paths. All are written under temporary names before the
 * first takes its place, so that a full disk leaves an earlier report as it was. `verdict` is the file that must not
 * stand there from an earlier run beside new ones.
 */
export async function writeDrawn(
  drawn: readonly DrawnFile[],
  directory: string,
  verdict = 'report.json',
): Promise<string[]> {
  await makeFolder(directory);
  const mark = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const files = drawn.map(({ name, content }) => ({
    path: join(directory, name),
    temporary: join(directory, `.${name}.${mark}.tmp`),
    content,
  }));
  try {
    await Promise.all(
      files.map(({ path, temporary, content }) => orFail(path, () => writeDurably(temporary, content))),
    );
    // From here on a reader must find no verdict at all rather than that of an earlier run.
    const last = join(directory, verdict);
    await orFail(last, () => rm(last, { force: true }));
    for (const { path, temporary } of files) await orFail(path, () => rename(temporary, path));
  } finally {
    await Promise.allSettled(files.map(({ temporary }) => rm(temporary, { force: true })));
  }
  await syncFolder(directory);
  return files.map(({ path }) => path);
}
