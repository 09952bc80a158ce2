/** Folders that a report cannot be written into, or only just: what stands under a final name is always whole. */
import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../audit/failure.ts';
import { readReport } from './read.ts';
import { sampleReport } from './sample-report.ts';
import { prepareReportFolder, writeReportFolder } from './write.ts';

const program = fileURLToPath(new URL('../bin/relayproof.js', import.meta.url));
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function refused(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  const failure = error as Failure;
  expect([failure.code, failure.exitStatus]).toEqual(['REPORT_NOT_WRITABLE', 78]);
  expect(failure.advice).toContain('--report-dir');
  return failure;
}

const root = process.getuid?.() === 0;

/** A file system of so many kilobytes, for the time of the work. */
async function onSmallDisk(kilobytes: number, work: (disk: string) => Promise<void>): Promise<void> {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk]);
  try {
    await work(disk);
  } finally {
    execFileSync('umount', [disk]);
  }
}

/** Why no small disk can be had here; undefined if it can. */
function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'there is no tmpfs';
  if (!root) return 'only root may mount one';
  try {
    // In a name space of its own: whether mounting is allowed at all.
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this system does not let root mount one';
  }
}

describe('a full disk', { timeout: 60_000 }, () => {
  const why = noSmallDisk();

  test('is said, and leaves an earlier report whole and nothing besides', async ({ skip }) => {
    if (why !== undefined) skip(why);
    const size = 4 * Math.ceil(JSON.stringify(sampleReport()).length / 1024);
    await onSmallDisk(size, async (disk) => {
      const target = join(disk, 'report');
      await mkdir(target);
      await writeFile(join(target, 'report.json'), JSON.stringify(sampleReport()));
      const failure = await refused(writeReportFolder(sampleReport(), target));
      expect(failure.message).toContain('no space left on the disk');
      expect(failure.advice).toContain('Free some space');
      expect(await readdir(target)).toEqual(['report.json']);
      expect(await readReport(join(target, 'report.json'))).toEqual(sampleReport());
    });
  });

  test('is said by the command line, with its own exit status', async ({ skip }) => {
    if (why !== undefined) skip(why);
    await onSmallDisk(16, async (disk) => {
      const report = join(folder, 'report.json');
      await writeFile(report, JSON.stringify(sampleReport()));
      const ended = promisify(execFile)(process.execPath, [program, 'report', report, '--report-dir', disk]);
      await expect(ended).rejects.toMatchObject({ code: 78, stderr: expect.stringContaining('no space left') });
      expect(await readdir(disk)).toEqual([]);
    });
  });
});

describe('links', () => {
  test('a folder by a link is written into, and the link stays', async () => {
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'link'));
    await writeReportFolder(sampleReport(), join(folder, 'link'));
    expect(await readReport(join(folder, 'real', 'report.json'))).toEqual(sampleReport());
    expect(await readlink(join(folder, 'link'))).toBe('real');
  });

  test.each([
    ['to a file', 'file', 'a file, not a folder'],
    ['to itself', 'link', 'loop of symbolic links'],
    ['to nothing', 'nowhere/at/all', 'Cannot write'],
  ])('a link %s is refused, before a run and at its end', async (_what, to, words) => {
    await writeFile(join(folder, 'file'), 'untouched');
    const link = join(folder, 'link');
    await symlink(to, link);
    expect((await refused(prepareReportFolder(link))).message).toContain(words);
    expect((await refused(writeReportFolder(sampleReport(), link))).message).toContain(words);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('untouched');
    expect((await readdir(folder)).sort()).toEqual(['file', 'link']);
  });
});

test('a read-only file system is said before a run, and at its end', async ({ skip }) => {
  const why = noSmallDisk();
  if (why !== undefined) skip(why);
  await onSmallDisk(64, async (disk) => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect((await refused(prepareReportFolder(join(disk, 'report')))).message).toContain('read-only');
    expect((await refused(prepareReportFolder(disk))).message).toContain('read-only');
    expect((await refused(writeReportFolder(sampleReport(), disk))).message).toContain('read-only');
  });
});

test('a folder that may not be written to is said before a run', async ({ skip }) => {
  if (root) skip('root may write anywhere');
  await chmod(folder, 0o555);
  expect((await refused(prepareReportFolder(folder))).message).toContain('permission denied');
  await chmod(folder, 0o755);
});

test('the verdict of an earlier run is gone before the next begins', async () => {
  await writeReportFolder(sampleReport(), folder);
  await prepareReportFolder(folder);
  expect(await readdir(folder)).not.toContain('report.json');
});

test.skipIf(process.platform === 'win32')(
  'a file that may not grow so far is none, and no other is there',
  async () => {
    const report = join(folder, 'given.json');
    await writeFile(report, JSON.stringify(sampleReport()));
    const target = join(folder, 'report');
    const words = [program, 'report', report, '--report-dir', target];
    // Blocks of 512 or 1,024 octets: less than the page, more than the summary.
    const ended = promisify(execFile)('sh', ['-c', 'ulimit -f 32; exec "$0" "$@"', process.execPath, ...words]);
    await expect(ended).rejects.toMatchObject({
      code: 78,
      stderr: expect.stringContaining('larger than files may be'),
    });
    expect(await readdir(target)).toEqual([]);
  },
);
