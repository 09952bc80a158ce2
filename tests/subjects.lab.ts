/**
 * Folders of more than fifty origins, as administrators would copy them (tests/subjects): each starts as it is, gets the
 * verdict that it deserves, and the report says what was adapted.
 */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ConfigurationResult, Report } from '../reports/model.ts';
import { auditInLab } from './run-in-lab.ts';
import { linuxFixtures } from './subjects/linux.ts';
import { unixFixtures } from './subjects/unix.ts';

const root = fileURLToPath(new URL('./subjects/', import.meta.url));
const fixtures = [...unixFixtures, ...linuxFixtures];

/** What is in all the folders, links included, as one number. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of (await readdir(root, { recursive: true })).sort()) {
    const path = join(root, entry);
    const kind = await lstat(path);
    hash.update(`${entry} ${kind.mode} ${kind.mtimeMs}\n`);
    if (kind.isSymbolicLink()) {
      hash.update(await readlink(path));
    } else if (kind.isFile()) {
      hash.update(await readFile(path));
    }
  }
  return hash.digest('hex');
}

let before: string;
let report: Report;
beforeAll(async () => {
  before = await fingerprint();
  const configurations = fixtures.map(({ folder }) => join(root, folder));
  report = await auditInLab({ configurations, attempts: ['core'] });
}, 600_000);

/** Everything that the report says of how it was made to run. */
const said = ({ adaptations, error, reasons }: ConfigurationResult) =>
  [...(adaptations ?? []), error?.message, ...(error?.output ?? []), ...reasons].join('\n').toLowerCase();

test('there is a description for each folder, and a folder for each description', async () => {
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(fixtures.map(({ folder }) => folder).sort()).toEqual(folders.map(({ name }) => name).sort());
  expect(fixtures.length).toBeGreaterThanOrEqual(50);
});

describe.each(fixtures.map((fixture) => [fixture.folder, fixture] as const))('%s', (folder, fixture) => {
  test(`${fixture.mode}: ${fixture.verdict}`, () => {
    const result = report.configurations.find(({ name }) => name === folder);
    expect(result?.verdict, result && said(result)).toBe(fixture.verdict);
    // One that does not start, here or there, has no mode.
    if (result?.error === undefined) {
      expect(result?.mode).toBe(fixture.mode);
    }
  });

  test('its adaptations are listed', () => {
    const result = report.configurations.find(({ name }) => name === folder);
    const words = result ? said(result) : '';
    expect(
      fixture.notes.filter((note) => !words.includes(note.toLowerCase())),
      words,
    ).toEqual([]);
  });
});

test('nothing was written into them', async () => {
  expect(await fingerprint()).toBe(before);
});
