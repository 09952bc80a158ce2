/** A run without vitest's suites, for tests that look into it or break it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Run, type RunOptions } from '../audit/run.ts';
import type { SendmailVersion } from '../containers/target/releases.ts';
import type { AttemptResult, ConfigurationResult, Report } from '../reports/model.ts';

export type LabRequest = {
  configurations: string[];
  image?: string;
  suites?: string[];
  attempts?: string[];
  sendmail?: SendmailVersion;
  hooks?: RunOptions['hooks'];
};

/** Audits, cleans up and returns the report; its folder is removed again. */
export async function auditInLab({
  configurations,
  image,
  suites,
  attempts,
  sendmail,
  hooks,
}: LabRequest): Promise<Report> {
  const reportDirectory = await mkdtemp(join(tmpdir(), 'relayproof-lab-test-'));
  try {
    const run = await Run.begin({
      request: {
        configurations,
        ...(image === undefined ? {} : { image }),
        suites: suites ?? [],
        attempts: attempts ?? [],
        ...(sendmail ? { sendmail } : {}),
        reportDirectory,
        command: ['test'],
      },
      progress: () => {},
      ...(hooks ? { hooks } : {}),
    });
    await Promise.all([...run.audit.trials.keys()].map((name) => run.audit.results(name)));
    return await run.finish();
  } finally {
    await rm(reportDirectory, { recursive: true, force: true });
  }
}

export function configurationOf(report: Report, name: string): ConfigurationResult {
  const found = report.configurations.find((one) => one.name === name);
  if (!found) {
    throw new Error(`the report has no configuration ${name}`);
  }
  return found;
}

export function attemptOf(report: Report, configuration: string, id: string): AttemptResult {
  const found = configurationOf(report, configuration).attempts.find((one) => one.id === id);
  if (!found) {
    throw new Error(`the report has no attempt ${id} on ${configuration}`);
  }
  return found;
}
