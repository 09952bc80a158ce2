/** `relayproof list`: what there is, for people and for programs. */
import Table from 'cli-table3';
import { describeAttempt } from '../audit/assemble.ts';
import { Failure } from '../audit/failure.ts';
import { planRun } from '../audit/plan.ts';
import { modeOfPolicy, readConfigurations } from '../audit/request.ts';
import { controls, readControl } from '../containers/configurations/controls.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { attemptsPage, controlsByAttempt, controlsPage } from './markdown-page.ts';

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

/** What a full run asks of every control. */
async function plannedControls() {
  const all = await suites();
  return planRun(await Promise.all(controls.map(readControl)), all, all, { wholeProducts: true }).configurations;
}

async function attempts(): Promise<Row[]> {
  const shown = controlsByAttempt(await plannedControls());
  return (await suites()).flatMap((suite) =>
    suite.attempts.map((attempt) => ({
      ...describeAttempt(attempt),
      expected: attempt.expected,
      applies: attempt.applies,
      core: attempt.core ?? false,
      controls: shown.get(attempt.id) ?? [],
      ...(attempt.noControl === undefined ? {} : { noControl: attempt.noControl }),
    })),
  );
}

/** The list as a page of Markdown, for the documentation. */
async function markdown(what: string): Promise<string> {
  const planned = await plannedControls();
  if (what === 'attempts') {
    return attemptsPage(await suites(), planned);
  }
  if (what === 'configurations') {
    return controlsPage(planned);
  }
  throw new Failure('USAGE', `list ${what} --markdown: there is no such page`, 'Attempts and configurations have one.');
}

const keysOf: Record<string, string[]> = {
  configurations: ['name', 'role', 'mode', 'title'],
  attempts: ['id', 'level', 'title'],
  suites: ['name', 'attempts', 'title'],
};

/** The last column is prose, and is wrapped; the others are names, and are never cut. */
const PROSE_WIDTH = 60;

/** Prints the list on standard output. */
export async function list(what: string, format: 'table' | 'json' | 'markdown'): Promise<void> {
  if (format === 'markdown') {
    process.stdout.write(await markdown(what));
    return;
  }
  let rows: Row[];
  if (what === 'configurations') {
    rows = await configurations();
  } else if (what === 'attempts') {
    rows = await attempts();
  } else {
    rows = (await suites()).map(({ name, title, attempts, onlyIfNamed = false }) => ({
      name,
      title: onlyIfNamed && format === 'table' ? `${title} (only if named: --suite ${name})` : title,
      attempts: attempts.length,
      onlyIfNamed,
    }));
  }
  if (format === 'json') {
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
