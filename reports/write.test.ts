import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../audit/failure.ts';
import { type Report, report as reportSchema } from './model.ts';
import { hostileTexts, sampleReport, withEveryText } from './sample-report.ts';
import { readReport, writeReportFolder } from './write.ts';

const names = ['attempts.jsonl', 'ctrf.json', 'index.html', 'junit.xml', 'report.json', 'report.sarif', 'summary.md'];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-report-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Failure);
  return outcome as Failure;
}

test('the sample and its hostile forms are valid reports', () => {
  expect(reportSchema.parse(sampleReport())).toEqual(sampleReport());
  for (const hostile of Object.values(hostileTexts)) {
    reportSchema.parse(withEveryText(sampleReport(), (value) => value + hostile));
  }
});

describe('writing', () => {
  test('makes the folder with its parents, and leaves nothing else in it', async () => {
    const target = join(folder, 'a', 'b');
    const written = await writeReportFolder(sampleReport(), target);
    expect(written.at(-1)).toBe(join(target, 'report.json'));
    expect([...written].sort()).toEqual(names.map((name) => join(target, name)));
    expect((await readdir(target)).sort()).toEqual(names);
  });

  test('what was written is read back the same, broken surrogates included', async () => {
    const report = withEveryText(sampleReport(), (value) => `${value}${hostileTexts['lone surrogates']}\0`);
    await writeReportFolder(report, folder);
    expect(await readReport(join(folder, 'report.json'))).toEqual(report);
  });

  test('drawn again from its report.json, every other file is the same', async () => {
    await writeReportFolder(sampleReport(), folder);
    const again = join(folder, 'again');
    await writeReportFolder(await readReport(join(folder, 'report.json')), again);
    for (const name of names.filter((one) => one !== 'report.json')) {
      expect(await readFile(join(again, name), 'utf8'), name).toBe(await readFile(join(folder, name), 'utf8'));
    }
  });

  test('replaces an earlier report, and not what a link points to', async () => {
    await writeFile(join(folder, 'elsewhere'), 'untouched');
    await symlink('elsewhere', join(folder, 'report.json'));
    await writeFile(join(folder, 'index.html'), 'old');
    await writeReportFolder(sampleReport(), folder);
    expect(await readFile(join(folder, 'index.html'), 'utf8')).toContain('<!doctype html>');
    expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('untouched');
  });

  test('says which path is not a folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const target of [file, join(file, 'below')]) {
      const failure = await failureOf(writeReportFolder(sampleReport(), target));
      expect(failure.code).toBe('REPORT_NOT_WRITABLE');
      expect(failure.message).toContain(target);
      expect(failure.message).toContain('a file, not a folder');
      expect(failure.advice).toContain('--report-dir');
    }
  });

  test.runIf(process.platform === 'linux')('gives up where no folder can be made', async () => {
    const failure = await failureOf(writeReportFolder(sampleReport(), '/proc/relayproof/report'));
    expect(failure.code).toBe('REPORT_NOT_WRITABLE');
    expect(failure.message).toContain('/proc/relayproof/report');
  });

  test.each(names)('a folder in the way of %s: no verdict, no leftovers', async (name) => {
    await writeFile(join(folder, 'report.json'), 'old').catch(() => undefined);
    await rm(join(folder, name), { force: true });
    await mkdir(join(folder, name));
    const failure = await failureOf(writeReportFolder(sampleReport(), folder));
    expect(failure.code).toBe('REPORT_NOT_WRITABLE');
    expect(failure.message).toContain(join(folder, name));
    expect(failure.message).toContain('in the way');
    expect((await readdir(folder)).filter((left) => left.includes('tmp'))).toEqual([]);
    await expect(readFile(join(folder, 'report.json'), 'utf8')).rejects.toThrow();
  });

  test('refuses an invalid report before anything is touched', async () => {
    await writeFile(join(folder, 'report.json'), 'old');
    const invalid = { ...sampleReport(), exitStatus: Number.NaN } as Report;
    const failure = await failureOf(writeReportFolder(invalid, folder));
    expect(failure.message).toContain('exitStatus');
    expect(await readdir(folder)).toEqual(['report.json']);
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe('old');
  });
});

describe('reading', () => {
  async function read(content: string): Promise<Failure> {
    const path = join(folder, 'report.json');
    await writeFile(path, content);
    const failure = await failureOf(readReport(path));
    expect(failure.code).toBe('USAGE');
    expect(failure.message).toContain(path);
    expect(failure.advice).not.toBe('');
    return failure;
  }

  test('says where the JSON is damaged', async () => {
    expect((await read('{\n  "a": 1,\n  oops\n}')).message).toContain('not valid JSON at 3:3');
    expect((await read('{\n "a": [1,')).message).toContain('not valid JSON at 2:10');
    expect((await read(' \n')).message).toContain('the file is empty');
  });

  test.each([
    [2, 'newer'],
    [0, 'older'],
  ])('says that schemaVersion %i is %s', async (schemaVersion, age) => {
    expect((await read(JSON.stringify({ ...sampleReport(), schemaVersion }))).message).toContain(
      `schemaVersion ${schemaVersion} is ${age}`,
    );
  });

  test.each(['[]', 'null', '"x"', '{}', '{"schemaVersion":"1"}'])('says that %s is no report', async (content) => {
    expect((await read(content)).message).toContain('no schemaVersion');
  });

  test('says which field is wrong', async () => {
    const report = JSON.parse(JSON.stringify(sampleReport()));
    report.configurations[1].attempts[2].verdict = 'fine';
    expect((await read(JSON.stringify(report))).message).toContain('configurations[1].attempts[2].verdict');
  });

  test('says what is at the path', async () => {
    expect((await failureOf(readReport(join(folder, 'none.json')))).message).toContain('there is no such file');
    expect((await failureOf(readReport(folder))).message).toContain('it is a folder');
  });

  test('takes a byte order mark', async () => {
    const path = join(folder, 'report.json');
    await writeFile(path, `\uFEFF${JSON.stringify(sampleReport())}`);
    expect(await readReport(path)).toEqual(sampleReport());
  });
});
