/** `relayproof readiness`: who still depends on POP before SMTP, from mail and POP logs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Failure } from '../audit/failure.ts';
import { DEFAULT_LIFETIME, localZone, parseLifetime, readiness } from '../readiness/readiness.ts';
import { renderReadinessCsv } from '../readiness/report/csv.ts';
import { renderReadinessHtml } from '../readiness/report/html.tsx';
import { letters } from '../readiness/report/letters.ts';
import { renderReadinessTerminal } from '../readiness/report/terminal.ts';
import { visible } from '../reports/visible.ts';
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

async function write(path: string, content: string): Promise<void> {
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

/** Reads the logs, prints what they say, and returns the exit status. */
export async function readinessCommand(logs: string[], options: ReadinessOptions): Promise<number> {
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
  const files: [string, string][] = [];
  const folder = options.reportDir;
  if (folder !== undefined) {
    files.push(
      [join(folder, 'readiness.html'), renderReadinessHtml(result)],
      [join(folder, 'readiness.csv'), renderReadinessCsv(result)],
      [join(folder, 'readiness.json'), `${JSON.stringify(result, null, 2)}\n`],
    );
  }
  if (options.html !== undefined) files.push([options.html, renderReadinessHtml(result)]);
  if (options.csv !== undefined) files.push([options.csv, renderReadinessCsv(result)]);
  const letterFolder = options.letters ?? (folder === undefined ? undefined : join(folder, 'letters'));
  if (letterFolder !== undefined) {
    for (const { file, text } of letters(result)) files.push([join(letterFolder, file), text]);
  }
  for (const [path, content] of files) await write(path, content);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else {
    const columns = process.stdout.columns ?? 80;
    process.stdout.write(renderReadinessTerminal(result, { columns, colour: colourOn(process.stdout) }));
    const shown = files.filter(([path]) => letterFolder === undefined || dirname(path) !== letterFolder);
    for (const [path] of shown) process.stdout.write(`  ${relative(process.cwd(), path) || path}\n`);
    const count = files.length - shown.length;
    if (count > 0) process.stdout.write(`  ${relative(process.cwd(), letterFolder as string)}/ (${count} letters)\n`);
  }
  return result.exitStatus;
}
