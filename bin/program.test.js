import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compiledProgram } from './program.js';

let project;
const longAgo = new Date('2026-01-01T00:00:00Z');

const write = (file, text, changed = longAgo) => {
  const full = path.join(project, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  utimesSync(full, changed, changed);
};
const mainOf = async (file) => (await import(pathToFileURL(file).href)).main();

beforeEach(() => {
  project = mkdtempSync(path.join(os.tmpdir(), 'program-test-'));
  write('tsconfig.json', '{}');
  write('package.json', '{"type":"module"}');
  mkdirSync(path.join(project, 'bin'));
  const own = path.join(project, 'bin', 'program.js');
  copyFileSync(fileURLToPath(new URL('./program.js', import.meta.url)), own);
  utimesSync(own, longAgo, longAgo);
  write(
    'cli/main.ts',
    "import { where } from '../audit/where.ts';\nexport const main = async (): Promise<string[]> => [where, (await import('./late.ts')).late];\n",
  );
  write('audit/where.ts', 'export const where: string = import.meta.url;\n');
  write('cli/late.ts', "export const late: string = 'first';\n");
});
afterEach(() => rmSync(project, { recursive: true }));

it('is compiled once; files know where their sources are, and what is imported late is there', async () => {
  const file = await compiledProgram(project);
  expect(await mainOf(file)).toEqual([pathToFileURL(path.join(project, 'audit/where.ts')).href, 'first']);
  const cache = path.dirname(path.dirname(file));
  const made = readdirSync(cache).sort();
  expect(await compiledProgram(project)).toBe(file);
  expect(readdirSync(cache).sort()).toEqual(made);
  expect(made).toHaveLength(2);
});

it('is compiled again when any source has changed, and what runs from before still finds its files', async () => {
  const before = await compiledProgram(project);
  write('cli/late.ts', "export const late: string = 'second';\n", new Date('2026-01-02T00:00:00Z'));
  const after = await compiledProgram(project);
  expect(after).not.toBe(before);
  expect((await mainOf(after))[1]).toBe('second');
  expect((await mainOf(before))[1]).toBe('first');
});

it('is compiled again when a source of the same size has changed while it was compiled', async () => {
  write('cli/late.ts', "export const late: string = 'third';\n", new Date(Date.now() + 60_000));
  const file = await compiledProgram(project);
  expect(existsSync(path.join(path.dirname(path.dirname(file)), 'current.json'))).toBe(false);
});

it('is compiled again where a part of it is gone', async () => {
  const file = await compiledProgram(project);
  rmSync(file);
  expect(existsSync(await compiledProgram(project))).toBe(true);
  rmSync(path.dirname(file), { recursive: true });
  expect(existsSync(await compiledProgram(project))).toBe(true);
});

it('is left alone where a source has a mistake: loading it says which', async () => {
  write('audit/where.ts', 'export const where: = ;\n');
  expect(await compiledProgram(project)).toBeUndefined();
});

it('is left alone where nothing can be written', async () => {
  write('node_modules/.cache', 'no folder');
  expect(await compiledProgram(project)).toBeUndefined();
});
