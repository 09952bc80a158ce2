/** What is given as a report.json, and is none, or not quite. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../audit/failure.ts';
import { withoutOptional } from './every-string.ts';
import { type Report, SCHEMA_VERSION } from './model.ts';
import { readReport } from './read.ts';
import { hostileTexts, sampleReport } from './sample-report.ts';
import { renderTerminal } from './terminal.ts';
import { writeReportFolder } from './write.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-read-'));
  path = join(folder, 'report.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function refused(file: string): Promise<Failure> {
  const error = await readReport(file).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  const failure = error as Failure;
  expect([failure.code, failure.exitStatus]).toEqual(['USAGE', 64]);
  expect(failure.message).toContain(file);
  expect(failure.message).not.toContain('\n');
  expect(failure.advice).not.toBe('');
  return failure;
}

async function refusedText(content: string | Buffer): Promise<string> {
  await writeFile(path, content);
  return (await refused(path)).message;
}

const whole = JSON.stringify(sampleReport());

describe('what is at the path', () => {
  test('nothing, or something that no file can be in', async () => {
    expect((await refused(path)).message).toContain('there is no such file');
    await writeFile(join(folder, 'file'), '');
    expect((await refused(join(folder, 'file', 'report.json'))).message).toContain('a file, not a folder');
  });

  test('a folder', async () => {
    expect((await refused(folder)).message).toContain('it is a folder');
  });

  test.skipIf(process.platform === 'win32')('a FIFO that nobody writes into, and a device without an end', async () => {
    execFileSync('mkfifo', [path]);
    expect((await refused(path)).message).toContain('no regular file');
    expect((await refused('/dev/zero')).message).toContain('no regular file');
  });

  test('a link is followed, and one that leads to itself is said', async () => {
    await writeFile(join(folder, 'real.json'), whole);
    await symlink('real.json', path);
    expect(await readReport(path)).toEqual(sampleReport());
    await symlink('loop', join(folder, 'loop'));
    expect((await refused(join(folder, 'loop'))).message).toContain('loop of symbolic links');
  });

  test('more than there is room for', async () => {
    await writeFile(path, '{');
    await truncate(path, 900_000_000);
    expect((await refused(path)).message).toContain('it has 900 MB, and at most 524 are read');
  });
});

describe('a damaged file', () => {
  test('cut short anywhere', async () => {
    for (let length = 0; length < whole.length - 1; length += 997) {
      expect(await refusedText(whole.slice(0, length))).toMatch(/the file is empty|not valid JSON at 1:\d+$/);
    }
  });

  test.each([
    ['octets', Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x1f, 0x8b])],
    ['NUL alone', '\0'.repeat(100)],
    ['XML', '<testsuites/>'],
    ['an archive', Buffer.from('1f8b0800000000000003', 'hex')],
    ['two reports', `${whole}\n${whole}`],
    ['JSON for JavaScript', `// a report\n${whole}`],
  ])('that is %s', async (_what, content) => {
    expect(await refusedText(content)).toMatch(/not valid JSON at \d+:\d+$/);
  });

  test('with a key that stands twice', async () => {
    const twice = whole.replace('"verdict":"inconclusive"', '$&,"verdict":"compliant"');
    expect(await refusedText(twice)).toMatch(/the key "verdict" stands twice in one object at 1:\d+/);
  });

  test('with hostile text where a number belongs: the message is one safe line', async () => {
    for (const hostile of Object.values(hostileTexts)) {
      const message = await refusedText(
        JSON.stringify({ ...sampleReport(), schemaVersion: hostile, [hostile]: hostile }),
      );
      expect(message).not.toMatch(/\p{Cc}|\p{Cf}/u);
      expect(message.length).toBeLessThan(1000);
    }
  });
});

type Change = (report: Report) => void;
const edited = (change: Change): string => {
  const report = sampleReport();
  change(report);
  return JSON.stringify(report);
};
const set = (target: unknown, key: string, value: unknown) => Object.assign(target as object, { [key]: value });

describe('a value of another kind is named by its place', () => {
  test.each<[string, Change]>([
    ['verdict', (report) => set(report, 'verdict', 'fine')],
    ['exitStatus', (report) => set(report, 'exitStatus', '0')],
    ['reasons[1]', (report) => set(report.reasons, '1', 5)],
    ['provenance', (report) => set(report, 'provenance', [])],
    ['provenance.timings.audit', (report) => set(report.provenance.timings, 'audit', 'long')],
    ['configurations', (report) => set(report, 'configurations', {})],
    [
      'configurations[1].attempts[0].cause.line',
      (report) => set(report.configurations[1]?.attempts[0]?.cause, 'line', null),
    ],
    [
      'configurations[0].attempts[2].evidence.sink[0].rcptTo',
      (report) => set(report.configurations[0]?.attempts[2]?.evidence?.sink[0], 'rcptTo', 'one'),
    ],
    ['configurations[1].waivers[0].state', (report) => set(report.configurations[1]?.waivers[0], 'state', 'gone')],
  ])('%s', async (place, change) => {
    expect(await refusedText(edited(change))).toContain(`no valid report at ${place}: `);
  });
});

describe('other versions', () => {
  test.each([SCHEMA_VERSION + 1, 99, 1e300])(
    'schemaVersion %d is newer, and that is said before anything else',
    async (version) => {
      await writeFile(path, JSON.stringify({ schemaVersion: version, results: [] }));
      const failure = await refused(path);
      expect(failure.message).toContain('is newer than');
      expect(failure.advice).toContain('newer one');
    },
  );

  test('a report without anything optional, as an older one may be, is drawn in every form', async () => {
    const older = JSON.stringify(withoutOptional(sampleReport()));
    expect(older).not.toContain('"evidence"');
    expect(older).not.toContain('"waivers"');
    await writeFile(path, older);
    const report = await readReport(path);
    const files = await writeReportFolder(report, join(folder, 'drawn'));
    expect(files.length).toBeGreaterThanOrEqual(7);
    expect(renderTerminal(report, { columns: 80, colour: false })).toContain('Inconclusive');
    expect(await readReport(join(folder, 'drawn', 'report.json'))).toEqual(report);
  });

  test('fields that a later relayproof adds are no mistake', async () => {
    await writeFile(path, JSON.stringify({ ...sampleReport(), laterField: { deep: [1] } }));
    expect(await readReport(path)).toEqual(sampleReport());
  });
});
