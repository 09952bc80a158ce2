/** `relayproof readiness`: who still depends on POP before SMTP, from mail and POP logs. */
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Failure } from '../audit/failure.ts';
import type { ReadinessResult } from '../readiness/model.ts';
import { DEFAULT_LIFETIME, localZone, parseLifetime, readiness } from '../readiness/readiness.ts';
import { readinessJson } from '../readiness/report/json.ts';
import { visible } from '../reports/visible.ts';
import { count } from '../reports/words.ts';
import { writeLetters } from './letter-folder.ts';
import { colourOn } from './print-failure.ts';
import { ReadingBar } from './reading-bar.ts';

export type ReadinessOptions = {
  lifetime?: string;
  timezone?: string;
  year?: string;
  trusted: string[];
  relayTo: string[];
  realm: string[];
  imap?: boolean;
  json?: boolean;
  csv?: string;
  html?: string;
  letters?: string;
  reportDir?: string;
};

function parseYear(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{4}$/.test(text) || Number(text) < 1980 || Number(text) > 2100) {
    throw new Failure(
      'USAGE',
      `--year ${visible(text, 60)}: no year`,
      'Give the year of the oldest line, such as 2026.',
    );
  }
  return Number(text);
}

async function write(path: string, content: string | Iterable<string>): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new Failure(
      'REPORT_NOT_WRITABLE',
      `${visible(path)}: it cannot be written (${why})`,
      'Name another file or folder.',
      {
        cause: error,
      },
    );
  }
}

function* ended(pieces: Iterable<string>): Generator<string> {
  yield* pieces;
  yield '\n';
}

/** The file that a path means, also one that is not there yet. */
async function fileOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  return join(folder, basename(path));
}

/** What is written must not be one of the logs, nor the same file twice. @throws Failure */
async function requireOwnFiles(logs: readonly string[], options: ReadinessOptions): Promise<void> {
  const { html, csv, letters, reportDir } = options;
  for (const [option, value] of Object.entries({ html, csv, letters, 'report-dir': reportDir })) {
    if (value === '') throw new Failure('USAGE', `--${option}: it is empty`, 'Name a file or folder.');
  }
  const inFolder = (name: string) => (reportDir === undefined ? [] : [join(reportDir, name)]);
  const written = [
    html ?? [],
    csv ?? [],
    ...['html', 'csv', 'json'].map((kind) => inFolder(`readiness.${kind}`)),
  ].flat();
  const taken = new Map<string, string>();
  for (const log of logs) if (log !== '-') taken.set(await fileOf(log), 'is one of the logs');
  for (const path of written) {
    const file = await fileOf(path);
    const why = taken.get(file);
    if (why !== undefined) {
      throw new Failure('USAGE', `${visible(path)} ${why}: nothing was written`, 'Name another file for each output.');
    }
    taken.set(file, 'is named twice for what is written');
  }
}

/** Reads the logs, prints what they say, and returns the exit status. */
export async function readinessCommand(logs: string[], options: ReadinessOptions): Promise<number> {
  await requireOwnFiles(logs, options);
  const bar = new ReadingBar(process.stderr);
  const result = await readiness({
    logs,
    lifetime: options.lifetime === undefined ? DEFAULT_LIFETIME : parseLifetime(options.lifetime),
    timezone: options.timezone ?? localZone(),
    year: parseYear(options.year),
    trusted: options.trusted,
    relayTo: options.relayTo,
    realms: options.realm,
    imap: options.imap ?? false,
    progress: (progress) => bar.show(progress),
  }).finally(() => bar.end());
  const files = await written(result, options);
  if (options.json) {
    for (const piece of readinessJson(result)) process.stdout.write(piece);
    process.stdout.write('\n');
    return result.exitStatus;
  }
  const { renderReadinessTerminal } = await import('../readiness/report/terminal.ts');
  const columns = process.stdout.columns ?? 80;
  process.stdout.write(renderReadinessTerminal(result, { columns, colour: colourOn(process.stdout) }));
  for (const path of files) process.stdout.write(`  ${path}\n`);
  return result.exitStatus;
}

/** Writes what was asked for, and returns what to say of it. What draws is loaded only where something is drawn. */
async function written(result: ReadinessResult, options: ReadinessOptions): Promise<string[]> {
  const folder = options.reportDir;
  const inFolder = (name: string) => (folder === undefined ? undefined : join(folder, name));
  const pages = [options.html, inFolder('readiness.html')].filter((path) => path !== undefined);
  const tables = [options.csv, inFolder('readiness.csv')].filter((path) => path !== undefined);
  const letterFolder = options.letters ?? inFolder('letters');
  const said: string[] = [];
  const save = async (path: string, content: string | Iterable<string>) => {
    await write(path, content);
    said.push(relative(process.cwd(), path) || path);
  };
  if (pages.length > 0) {
    const { renderReadinessHtml } = await import('../readiness/report/html.tsx');
    for (const path of pages) await save(path, renderReadinessHtml(result));
  }
  if (tables.length > 0) {
    const { renderReadinessCsv } = await import('../readiness/report/csv.ts');
    for (const path of tables) await save(path, renderReadinessCsv(result));
  }
  if (folder !== undefined) await save(join(folder, 'readiness.json'), ended(readinessJson(result, 2)));
  if (letterFolder !== undefined) {
    const { letters } = await import('../readiness/report/letters.ts');
    const all = letters(result);
    const { removed, changed } = await writeLetters(letterFolder, all);
    const before = [
      ...(removed > 0 ? [`${removed} of an earlier run removed`] : []),
      ...(changed.length > 0
        ? [`changed by hand since, and kept: ${changed.map((file) => visible(file, 80)).join(', ')}`]
        : []),
    ];
    said.push(
      `${relative(process.cwd(), letterFolder) || letterFolder}/ (${[count(all.length, 'letter'), ...before].join('; ')})`,
    );
  }
  return said;
}
