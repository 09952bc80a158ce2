/** Puts the report of a run together. */
import { cpus, hostname, type as osType, release } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import { versionOf } from '../containers/target/releases.ts';
import { type Earlier, gateOf, markBaseline } from '../reports/baseline.ts';
import {
  type AttemptDescription,
  type AttemptResult,
  type ConfigurationResult,
  type Report,
  SCHEMA_VERSION,
} from '../reports/model.ts';
import { judgeConfiguration, judgeControl, judgeRun, missingResult } from '../reports/verdict.ts';
import { remarkOn } from '../reports/waivers.ts';
import type { Attempt, Suite } from '../suites/attempt.ts';
import { offersAuth } from './applicability.ts';
import type { Audit } from './audit.ts';
import { EXIT, type ExitStatus } from './failure.ts';
import type { Trial } from './trial.ts';
import { version } from './version.ts';
import { differencesOf } from './version-differences.ts';
import { waiverResults } from './waivers.ts';

export function describeAttempt(attempt: Attempt): AttemptDescription {
  const { id, suite, title, requirement, level, effect, remedy, client } = attempt;
  return {
    id,
    suite,
    title,
    requirement,
    level,
    effect,
    remedy,
    clauses: [...attempt.clauses],
    refusedIn: [...attempt.refusedIn],
    aliases: [...attempt.aliases],
    ...(client ? { client: { program: client.program, era: client.era, way: client.way, by: client.by } } : {}),
  };
}

function characteristicsOf(trial: Trial): Record<string, string | string[]> {
  const { target } = trial;
  if (!target) {
    return {};
  }
  const { facts } = target;
  const { policy } = trial.planned.configuration;
  return {
    sendmail: `${facts.sendmail} (Debian ${facts.debian}, ${facts.package})`,
    'known of this sendmail': differencesOf(versionOf(facts.sendmail)).map(({ what }) => what),
    'compiled with': facts.compiledWith,
    'host name': facts.hostName || target.hostName,
    'local domains': facts.localDomains,
    'relay domains': facts.relayDomains,
    'declared networks': policy.trusted.networks,
    'declared hosts': policy.trusted.hosts,
    'declared domains': policy.relayTo,
    listeners: facts.listeners.map(
      ({ name, port, family, modifiers }) =>
        `${name} ${family} port ${port}${modifiers === '' ? '' : ` M=${modifiers}`}`,
    ),
    'mechanisms offered': offersAuth(facts) ? facts.mechanisms : [],
    'mechanisms trusted': facts.trustedMechanisms,
    AuthOptions: facts.authOptions,
    'mode read from the configuration': trial.modeReasons,
    maps: facts.maps.map(({ name, type, path }) => `${name}: ${type} ${path}`),
    'local mailer': facts.localMailer,
    addresses: [target.ipv4, target.ipv6],
  };
}

/** The folder as it is called from where the run was started; absolute if it lies elsewhere. */
function folderFrom(start: string, folder: string): string {
  const below = relative(start, folder);
  const outside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
  return (outside ? folder : below || '.').split(sep).join('/');
}

/** All expected results, in the order of the plan; what is not there is put in as missing. */
export function completeResults(trial: Trial, broken: string): AttemptResult[] {
  return trial.planned.attempts.map(
    (attempt) => trial.results.get(attempt.id) ?? missingResult(attempt.id, attempt.suite, attempt.expected, broken),
  );
}

function configurationResult(trial: Trial, levelOf: Map<string, Attempt>, why: string): ConfigurationResult {
  const { configuration, detectedBy, mustPass, unmatched } = trial.planned;
  const results = completeResults(trial, why);
  const waivers = waiverResults(configuration.policy.waivers, results, trial.planned.attempts, trial.today);
  const error = trial.failure?.message;
  const judged = configuration.control
    ? judgeControl(results, { detectedBy, mustPass, unmatched }, error)
    : judgeConfiguration(results, (id) => levelOf.get(id)?.level ?? 'must', error);
  return {
    name: configuration.name,
    role: configuration.role,
    ...(trial.mode === undefined ? {} : { mode: trial.mode }),
    verdict: judged.verdict,
    reasons: [...judged.reasons, ...waivers.flatMap((waiver) => remarkOn(waiver) ?? []), ...trial.remarks],
    title: configuration.title,
    ...(configuration.source && !configuration.control
      ? { source: { ...configuration.source, folder: folderFrom(process.cwd(), configuration.source.folder) } }
      : {}),
    ...(configuration.control
      ? {
          control: {
            base: configuration.control.base,
            fault: configuration.control.fault,
            effect: configuration.control.effect,
            detectedBy,
            mustPass,
            changes: configuration.control.changes,
          },
        }
      : {}),
    characteristics: characteristicsOf(trial),
    adaptations: trial.target?.notes ?? configuration.notes ?? [],
    ...(trial.failure ? { error: { message: trial.failure.message, output: [...trial.failure.output] } } : {}),
    waivers,
    durationMs: trial.durationMs,
    proofs: trial.proofs,
    attempts: results,
    ...(trial.comparedOnly.length > 0 ? { comparedOnly: trial.comparedOnly } : {}),
  };
}

const badConfiguration = new Set(['CONFIGURATION_DOES_NOT_START', 'BAD_CONFIGURATION']);

function exitStatusOf(report: Pick<Report, 'verdict'>, trials: Iterable<Trial>): ExitStatus {
  if (report.verdict === 'compliant') {
    return EXIT.compliant;
  }
  if (report.verdict === 'non-compliant') {
    return EXIT.violation;
  }
  const atFault = [...trials].some((trial) => trial.failure && badConfiguration.has(trial.failure.code));
  return atFault ? EXIT.configuration : EXIT.inconclusive;
}

/** What the report says of the process that made it. */
export type RunProcess = { command: string[]; commit: string | undefined; peakMemoryBytes: number };

/** The report of a run, from its complete expected set; with an earlier report, also what has changed since. */
export function assembleReport(
  audit: Audit,
  catalogue: readonly Suite[],
  { command, commit, peakMemoryBytes }: RunProcess,
  earlier?: Earlier,
): Report {
  const attempts = new Map(catalogue.flatMap((suite) => suite.attempts.map((attempt) => [attempt.id, attempt])));
  const why = audit.interrupted ? 'the run was interrupted before it was tried' : 'no result: its test never ran';
  const finishedAt = new Date();
  const configurations = [...audit.trials.values()].map((trial) => configurationResult(trial, attempts, why));
  const judged = judgeRun(configurations, audit.troubles, audit.interrupted);
  const used = new Set(configurations.flatMap((one) => one.attempts.map((attempt) => attempt.id)));
  const plan = audit.lab?.plan;
  const report: Report = {
    schemaVersion: SCHEMA_VERSION,
    ...judged,
    exitStatus: exitStatusOf(judged, audit.trials.values()),
    provenance: {
      tool: 'relayproof',
      version,
      ...(commit === undefined ? {} : { commit }),
      command,
      startedAt: audit.startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      host: `${hostname()}, ${osType()} ${release()}, ${cpus().length} processors`,
      node: process.version,
      engine: `${audit.engine.name} ${audit.engine.version}`,
      sendmail: `${audit.images.release.full} (Debian ${audit.images.release.debian})`,
      images: {
        target: audit.images.target.tag,
        lab: audit.images.helper.tag,
        'target id': audit.images.target.id,
        ...(audit.images.clients ? { clients: audit.images.clients.tag } : {}),
      },
      timings: { ...audit.timings, total: finishedAt.getTime() - audit.startedAt.getTime() },
      peakMemoryBytes,
    },
    lab: {
      ipv4: plan?.subnet4 ?? '',
      ipv6: plan?.subnet6 ?? '',
      sink: plan ? [plan.helper4, plan.helper6] : [],
      dns: plan ? [plan.helper4, plan.helper6] : [],
      isolation: audit.isolation,
    },
    suites: audit.plan.suites.map(({ name, title }) => ({ name, title })),
    catalogue: [...attempts.values()].filter((attempt) => used.has(attempt.id)).map(describeAttempt),
    configurations,
  };
  if (!earlier) {
    return report;
  }
  const marked = markBaseline(report, earlier, audit);
  return { ...marked, exitStatus: exitStatusOf(gateOf(marked), audit.trials.values()) };
}
