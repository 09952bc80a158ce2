/** Reports of every version of the format that ever was: a small real run each, which has to be drawn for ever. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { type Report, SCHEMA_VERSION } from './model.ts';
import { readReport } from './read.ts';
import { renderTerminal } from './terminal.ts';
import { writeReportFolder } from './write.ts';

const folder = fileURLToPath(new URL('./fixtures', import.meta.url));
const fixtures = (await readdir(folder)).filter((name) => /^report-\d+\.json$/.test(name));

test('there is one of the version that is written now', () => {
  expect(fixtures).toContain(`report-${SCHEMA_VERSION}.json`);
});

/** The attempts of a report, as every form of it has to name them. */
const wrongIn = (report: Report): string[] =>
  report.configurations
    .filter(({ role }) => role !== 'control')
    .flatMap(({ attempts }) => attempts.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id));

describe.each(fixtures)('%s', (name) => {
  const path = join(folder, name);

  test('is small, of a real run, and has something to tell', async () => {
    const text = await readFile(path, 'utf8');
    expect(Buffer.byteLength(text)).toBeLessThan(200_000);
    expect(JSON.parse(text).schemaVersion).toBe(Number(/\d+/.exec(name)?.[0]));
    const report = await readReport(path);
    expect(new Set(report.configurations.map(({ role }) => role))).toEqual(
      new Set(['subject', 'reference', 'control']),
    );
    expect(wrongIn(report)).not.toEqual([]);
  });

  test('is drawn in every form', async () => {
    const drawn = await mkdtemp(join(tmpdir(), 'relayproof-fixture-'));
    try {
      const report = await readReport(path);
      const files = await writeReportFolder(report, drawn);
      expect(files.length).toBeGreaterThanOrEqual(7);
      for (const file of files) {
        const content = await readFile(file, 'utf8');
        for (const id of wrongIn(report)) expect(content.replaceAll('\\', ''), file).toContain(id);
        if (/\.(json|sarif)$/.test(file)) JSON.parse(content);
        if (file.endsWith('.jsonl')) for (const line of content.trimEnd().split('\n')) JSON.parse(line);
        if (file.endsWith('.xml')) new SaxesParser().write(content).close();
      }
      const shown = renderTerminal(report, { columns: 80, colour: false });
      for (const id of wrongIn(report)) expect(shown).toContain(id);
    } finally {
      await rm(drawn, { recursive: true, force: true });
    }
  });
});
