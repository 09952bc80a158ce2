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

const columnsOf: Record<string, { keys: string[]; widths: number[] }> = {
  configurations: { keys: ['name', 'role', 'mode', 'title'], widths: [33, 11, 17, 58] },
  attempts: { keys: ['id', 'level', 'title'], widths: [46, 8, 65] },
  suites: { keys: ['name', 'attempts', 'title'], widths: [18, 10, 60] },
};

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
  const { keys, widths } = columnsOf[what] ?? { keys: [], widths: [] };
  const table = new Table({
    head: keys,
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => keys.map((key) => String(row[key] ?? ''))));
  process.stdout.write(`${table.toString()}\n`);
}
