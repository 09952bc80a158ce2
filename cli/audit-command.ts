/** `relayproof audit`: vitest runs the suites, and this shows what comes of it. */
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shared } from '../audit/current-run.ts';
import { type AuditRequest, checkGate, checkMode } from '../audit/request.ts';
import { Run } from '../audit/run.ts';
import { answerSignals } from '../audit/signals.ts';
import { checkSendmail } from '../containers/target/releases.ts';
import { renderTerminal } from '../reports/terminal.ts';
import { visible } from '../reports/visible.ts';
import { duration } from '../reports/words.ts';
import { LiveView } from './live-view.ts';
import { colourOn } from './print-failure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export type AuditOptions = {
  suite: string[];
  attempt: string[];
  mode?: string;
  image?: string;
  sendmail?: string;
  baseline?: string;
  gate?: string;
  reportDir: string;
  json?: boolean;
};

/** Folders are named relative to where the user stands, vitest runs in the project's own folder. */
function absolute(argument: string): string {
  return /[/\\]|^\.+$/.test(argument) ? resolve(argument) : argument;
}

async function show(run: Run, json: boolean): Promise<void> {
  const { report, reportFiles } = run;
  if (!report) {
    return;
  }
  // Since the process began: what somebody waits for is more than the run itself.
  const memory = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
  process.stderr.write(`took ${duration(performance.now())}, ${memory} MB of memory\n`);
  const reportFile = reportFiles.find((file) => file.endsWith('report.json'));
  if (json && reportFile) {
    process.stdout.write(await readFile(reportFile));
    return;
  }
  const columns = process.stdout.columns ?? 80;
  process.stdout.write(`${renderTerminal(report, { columns, colour: colourOn(process.stdout) })}\n`);
  for (const file of reportFiles) {
    process.stdout.write(`  ${visible(relative(process.cwd(), file) || file)}\n`);
  }
}

/** What is asked for on the command line. @throws Failure USAGE */
export function requestOf(configurations: readonly string[], options: AuditOptions): AuditRequest {
  const mode = checkMode(options.mode, '--mode');
  const sendmail = checkSendmail(options.sendmail, '--sendmail');
  const gate = checkGate(options.gate, options.baseline, { gate: '--gate', baseline: '--baseline' });
  return {
    configurations: configurations.map(absolute),
    suites: options.suite,
    attempts: options.attempt,
    ...(mode ? { mode } : {}),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(sendmail ? { sendmail } : {}),
    ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
    ...(gate ? { gate } : {}),
    reportDirectory: resolve(options.reportDir),
    command: ['relayproof', ...process.argv.slice(2)],
  };
}

/** Runs the audit and returns its exit status. Throws Failure; mistakes are found before anything is started. */
export async function audit(configurations: string[], options: AuditOptions): Promise<number> {
  const request = requestOf(configurations, options);
  let view: LiveView | undefined;
  const run = await Run.begin({ request, onEvent: (event) => view?.handle(event) });
  answerSignals(run);
  view = new LiveView(run.audit.plan);
  const state = shared();
  state.run = run;
  state.onEnd = () => view?.end();
  // Loaded while the lab starts, which takes longer.
  const { startVitest } = await import('vitest/node');
  // Vitest's own reporter is for `npx vitest run`; here the live view takes its place.
  await startVitest('test', suiteFilesOf(run), {
    root,
    config: resolve(root, 'vitest.config.ts'),
    run: true,
    watch: false,
    reporters: [{}],
  });
  view.end();
  if (state.failure) {
    throw state.failure;
  }
  // Should vitest have ended early, the run has not: it is ended here, and has proven nothing.
  const report = await run.finish(['vitest ended without running the suites']);
  await show(run, options.json ?? false);
  return report.exitStatus;
}

/** The files of the suites that have something to do. */
function suiteFilesOf(run: Run): string[] {
  return run.audit.plan.suites.map((suite) => `suites/${suite.name}.suite.ts`);
}
