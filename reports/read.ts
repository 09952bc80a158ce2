/** Reading a `report.json` back: of this version of the format, whole, and said where it is not. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../audit/failure.ts';
import { type Report, report as reportSchema, SCHEMA_VERSION } from './model.ts';
import { repeatedKey } from './repeated-key.ts';
import { visible } from './visible.ts';

const advice = 'Give a report.json that `relayproof audit` wrote.';

/** Octets. The longest text that Node.js holds is not much longer. */
const LARGEST = 500 * 2 ** 20;

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder, not a report.json';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  if (code === 'ENOTDIR') return 'a part of the path is a file, not a folder';
  if (code === 'ELOOP') return 'the path is a loop of symbolic links';
  if (code === 'ENXIO') return 'it is no regular file';
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

async function textIn(file: FileHandle): Promise<string> {
  const found = await file.stat();
  if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  if (!found.isFile()) throw new Error('it is no regular file');
  if (found.size > LARGEST) {
    const [size, most] = [found.size, LARGEST].map((octets) => Math.round(octets / 1e6).toLocaleString('en-US'));
    throw new Error(`it has ${size} MB, and at most ${most} are read`);
  }
  return await file.readFile('utf8');
}

async function readText(path: string): Promise<string> {
  try {
    // Without waiting: nobody may ever write into a FIFO.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return await textIn(file).finally(() => file.close());
  } catch (error) {
    throw new Failure('USAGE', `${visible(path)}: ${reasonOf(error)}`, advice, { cause: error });
  }
}

/** What one reader takes for the verdict must not be something else to the next. */
async function checkKeys(text: string, value: unknown, path: string): Promise<void> {
  const repeated = await repeatedKey(text, value);
  if (repeated === undefined) return;
  const { line, column, words } = repeated;
  const message = `${visible(path)}: ${words} at ${line}:${column}, which can be read in two ways`;
  throw new Failure('USAGE', message, `The file was changed. ${advice}`);
}

/**
 * Reads and validates a report.
 *
 * @throws Failure USAGE for what is no report, or is one of another version, with the place of what is wrong
 */
export async function readReport(path: string): Promise<Report> {
  const text = (await readText(path)).replace(/^\uFEFF/, '');
  const value = parseJson(text, path);
  checkVersion(value, path);
  await checkKeys(text, value, path);
  const result = reportSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? 'the top level' : locationOf(issue.path);
  const message = `${visible(path)}: no valid report at ${place}: ${visible(issue?.message ?? 'invalid', 300)}`;
  throw new Failure('USAGE', message, `The file was changed or damaged. ${advice}`, { cause: result.error });
}
