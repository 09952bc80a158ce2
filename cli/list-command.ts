/** `relayproof list`: what there is, for people and for programs. */
import Table from 'cli-table3';
import { describeAttempt } from '../audit/assemble.ts';
import { Failure } from '../audit/failure.ts';
import { modeOfPolicy, readConfigurations } from '../audit/request.ts';
import { readCatalogue } from '../suites/catalogue.ts';

type Row = Record<string, unknown>;

async function configurations(): Promise<Row[]> {
  const all = await readConfigurations({ configurations: [] });
  return all.map(({ name, role, title, policy, control }) => ({
    name,
    role,
    mode: modeOfPolicy(policy),
    title,
    ...(control ? { base: control.base, effect: control.effect, detectedBy: control.detectedBy } : {}),
  }));
}

async function suites() {
  const catalogue = await readCatalogue();
  const broken = catalogue.broken[0];
  if (broken) {
    throw new Failure(
      'SUITE_NOT_IMPORTED',
      `the suite ${broken.name} cannot be imported: ${broken.why}`,
      'Correct the file.',
    );
  }
  return catalogue.suites;
}

const keysOf: Record<string, string[]> = {
  configurations: ['name', 'role', 'mode', 'title'],
  attempts: ['id', 'level', 'title'],
  suites: ['name', 'attempts', 'title'],
};

/** The last column is prose, and is wrapped; the others are names, and are never cut. */
const PROSE_WIDTH = 60;

/** Prints the list on standard output. */
export async function list(what: string, json: boolean): Promise<void> {
  let rows: Row[];
  if (what === 'configurations') {
    rows = await configurations();
  } else if (what === 'attempts') {
    rows = (await suites()).flatMap((suite) => suite.attempts.map(describeAttempt));
  } else {
    rows = (await suites()).map(({ name, title, attempts }) => ({ name, title, attempts: attempts.length }));
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const keys = keysOf[what] ?? [];
  const cells = rows.map((row) => keys.map((key) => String(row[key] ?? '')));
  const widths = keys.map((key, at) =>
    at === keys.length - 1 ? PROSE_WIDTH : Math.max(key.length, ...cells.map((row) => (row[at] ?? '').length)) + 2,
  );
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head: keys, colWidths: widths, wordWrap: true, style });
  table.push(...cells);
  process.stdout.write(`${table.toString()}\n`);
}
