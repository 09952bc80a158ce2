/** `relayproof audit`: vitest runs the suites, and this shows what comes of it. */
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shared } from '../audit/current-run.ts';
import { EXIT } from '../audit/failure.ts';
import { select } from '../audit/plan.ts';
import { type AuditRequest, checkMode, readConfigurations, requestToEnvironment } from '../audit/request.ts';
import type { Run } from '../audit/run.ts';
import { renderTerminal } from '../reports/terminal.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { LiveView } from './live-view.ts';
import { colourOn } from './print-failure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export type AuditOptions = { suite: string[]; attempt: string[]; mode?: string; reportDir: string; json?: boolean };

/** Folders are named relative to where the user stands, vitest runs in the project's own folder. */
function absolute(argument: string): string {
  return /[/\\]|^\.+$/.test(argument) ? resolve(argument) : argument;
}

async function show(run: Run, json: boolean): Promise<void> {
  const { report, reportFiles } = run;
  if (!report) {
    return;
  }
  const reportFile = reportFiles.find((file) => file.endsWith('report.json'));
  if (json && reportFile) {
    process.stdout.write(await readFile(reportFile));
    return;
  }
  const columns = process.stdout.columns ?? 80;
  process.stdout.write(`${renderTerminal(report, { columns, colour: colourOn(process.stdout) })}\n`);
  for (const file of reportFiles) {
    process.stdout.write(`  ${relative(process.cwd(), file) || file}\n`);
  }
}

/** Runs the audit and returns its exit status. Throws Failure for wrong usage before anything is started. */
export async function audit(configurations: string[], options: AuditOptions): Promise<number> {
  const mode = checkMode(options.mode, '--mode');
  const request: AuditRequest = {
    configurations: configurations.map(absolute),
    suites: options.suite,
    attempts: options.attempt,
    ...(mode ? { mode } : {}),
    reportDirectory: resolve(options.reportDir),
    command: ['relayproof', ...process.argv.slice(2)],
  };
  // Mistakes are found before anything is installed or started.
  await readConfigurations(request);
  const { suites, broken } = await readCatalogue();
  if (broken.length === 0) {
    select(suites, request);
  }
  Object.assign(process.env, requestToEnvironment(request));

  const state = shared();
  let view: LiveView | undefined;
  state.onBegin = (run) => {
    view = new LiveView(run.audit.plan);
  };
  state.onEvent = (event) => view?.handle(event);
  state.onEnd = () => view?.end();
  const { startVitest } = await import('vitest/node');
  const files = request.suites.length > 0 ? chosenFiles(suites, request) : [];
  await startVitest('test', files, {
    root,
    config: resolve(root, 'vitest.config.ts'),
    run: true,
    watch: false,
    // Vitest's own reporter is for `npx vitest run`; here the live view takes its place.
    reporters: [{}],
  });
  view?.end();
  const { failure, run, exitStatus } = state;
  if (failure) {
    throw failure;
  }
  if (run) {
    await show(run, options.json ?? false);
  }
  return exitStatus ?? EXIT.inconclusive;
}

function chosenFiles(suites: Parameters<typeof select>[0], request: AuditRequest): string[] {
  return select(suites, request).map((suite) => `suites/${suite.name}.suite.ts`);
}
