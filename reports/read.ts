/** Reading a `report.json` back: of this version of the format, whole, and said where it is not. */
import { readFile } from 'node:fs/promises';
import { Failure } from '../audit/failure.ts';
import { type Report, report as reportSchema, SCHEMA_VERSION } from './model.ts';
import { visible } from './visible.ts';

const advice = 'Give a report.json that `relayproof audit` wrote.';

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder, not a report.json';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  return error instanceof Error ? visible(error.message, 300) : 'it cannot be read';
}

/** `line:column` in a text, both counted from 1. */
function placeOf(text: string, error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  // Without a position the parser ran out of input.
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const empty = text.trim() === '' ? 'the file is empty' : `not valid JSON at ${placeOf(text, error)}`;
    throw new Failure('USAGE', `${visible(path)}: ${empty}`, `The file is damaged or was cut short. ${advice}`, {
      cause: error,
    });
  }
}

function checkVersion(value: unknown, path: string): void {
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (version === SCHEMA_VERSION) return;
  if (typeof version !== 'number') {
    throw new Failure('USAGE', `${visible(path)}: no report: it has no schemaVersion`, advice);
  }
  const age = version > SCHEMA_VERSION ? 'newer' : 'older';
  const remedy =
    age === 'newer' ? 'Use the relayproof that wrote it, or a newer one.' : 'Run the audit again with this relayproof.';
  const message = `${visible(path)}: schemaVersion ${version} is ${age} than ${SCHEMA_VERSION}, which this relayproof reads`;
  throw new Failure('USAGE', message, remedy);
}

/** Where in a report something is wrong: `configurations[0].attempts[3].verdict`. */
export function locationOf(path: readonly PropertyKey[]): string {
  const location = path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
  return location === '' ? 'the top level' : visible(location, 300);
}

/** Reads and validates a report. */
export async function readReport(path: string): Promise<Report> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure('USAGE', `${visible(path)}: ${reasonOf(error)}`, advice, { cause: error });
  }
  const value = parseJson(text.replace(/^\uFEFF/, ''), path);
  checkVersion(value, path);
  const result = reportSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? 'the top level' : locationOf(issue.path);
  const message = `${visible(path)}: no valid report at ${place}: ${visible(issue?.message ?? 'invalid', 300)}`;
  throw new Failure('USAGE', message, `The file was changed or damaged. ${advice}`, { cause: result.error });
}
