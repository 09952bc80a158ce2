/** Puts the report of a run together. */
import { cpus, hostname, type as osType, release } from 'node:os';
import {
  type AttemptDescription,
  type AttemptResult,
  type ConfigurationResult,
  type Report,
  SCHEMA_VERSION,
} from '../reports/model.ts';
import { judgeConfiguration, judgeControl, judgeRun, missingResult } from '../reports/verdict.ts';
import type { Attempt, Suite } from '../suites/attempt.ts';
import type { Audit } from './audit.ts';
import type { Bench } from './bench.ts';
import { EXIT, type ExitStatus } from './failure.ts';
import { version } from './version.ts';

export function describeAttempt(attempt: Attempt): AttemptDescription {
  const { id, suite, title, requirement, level, effect, remedy } = attempt;
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
  };
}

function characteristicsOf(bench: Bench): Record<string, string | string[]> {
  const { target } = bench;
  if (!target) {
    return {};
  }
  const { facts } = target;
  return {
    sendmail: facts.sendmail,
    'compiled with': facts.compiledWith,
    'host name': facts.hostName || target.hostName,
    'local domains': facts.localDomains,
    'relay domains': facts.relayDomains,
    listeners: facts.listeners.map(
      ({ name, port, family, modifiers }) =>
        `${name} ${family} port ${port}${modifiers === '' ? '' : ` M=${modifiers}`}`,
    ),
    'mechanisms offered': facts.mechanisms,
    'mechanisms trusted': facts.trustedMechanisms,
    AuthOptions: facts.authOptions,
    'mode read from the configuration': bench.modeReasons,
    maps: facts.maps.map(({ name, type, path }) => `${name}: ${type} ${path}`),
    'local mailer': facts.localMailer,
    addresses: [target.ipv4, target.ipv6],
  };
}

/** All expected results, in the order of the plan; what is not there is put in as missing. */
export function completeResults(bench: Bench, broken: string): AttemptResult[] {
  return bench.planned.attempts.map(
    (attempt) => bench.results.get(attempt.id) ?? missingResult(attempt.id, attempt.suite, attempt.expected, broken),
  );
}

function configurationResult(bench: Bench, levelOf: Map<string, Attempt>, why: string): ConfigurationResult {
  const { configuration, detectedBy, unmatched } = bench.planned;
  const results = completeResults(bench, why);
  const error = bench.failure?.message;
  const judged = configuration.control
    ? judgeControl(results, detectedBy, unmatched, error)
    : judgeConfiguration(results, (id) => levelOf.get(id)?.level ?? 'must', error);
  return {
    name: configuration.name,
    role: configuration.role,
    ...(bench.mode === undefined ? {} : { mode: bench.mode }),
    verdict: judged.verdict,
    reasons: [...judged.reasons, ...bench.remarks],
    title: configuration.title,
    ...(configuration.control
      ? {
          control: {
            base: configuration.control.base,
            fault: configuration.control.fault,
            effect: configuration.control.effect,
            detectedBy,
            changes: configuration.control.changes,
          },
        }
      : {}),
    characteristics: characteristicsOf(bench),
    adaptations: bench.target?.notes ?? [],
    ...(bench.failure ? { error: { message: bench.failure.message, output: [...bench.failure.output] } } : {}),
    durationMs: bench.durationMs,
    proofs: bench.proofs,
    attempts: results,
  };
}

const badConfiguration = new Set(['CONFIGURATION_DOES_NOT_START', 'BAD_CONFIGURATION']);

function exitStatusOf(report: Pick<Report, 'verdict'>, benches: Iterable<Bench>): ExitStatus {
  if (report.verdict === 'compliant') {
    return EXIT.compliant;
  }
  if (report.verdict === 'non-compliant') {
    return EXIT.violation;
  }
  const atFault = [...benches].some((bench) => bench.failure && badConfiguration.has(bench.failure.code));
  return atFault ? EXIT.configuration : EXIT.inconclusive;
}

/** The report of a run, from its complete expected set. */
export function assembleReport(
  audit: Audit,
  catalogue: readonly Suite[],
  command: string[],
  peakMemoryBytes: number,
): Report {
  const attempts = new Map(catalogue.flatMap((suite) => suite.attempts.map((attempt) => [attempt.id, attempt])));
  const why = audit.interrupted ? 'the run was interrupted before it was tried' : 'no result: its test never ran';
  const finishedAt = new Date();
  const configurations = [...audit.benches.values()].map((bench) => configurationResult(bench, attempts, why));
  const judged = judgeRun(configurations, audit.troubles, audit.interrupted);
  const used = new Set(configurations.flatMap((one) => one.attempts.map((attempt) => attempt.id)));
  const plan = audit.lab?.plan;
  return {
    schemaVersion: SCHEMA_VERSION,
    ...judged,
    exitStatus: exitStatusOf(judged, audit.benches.values()),
    provenance: {
      tool: 'relayproof',
      version,
      command,
      startedAt: audit.startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      host: `${hostname()}, ${osType()} ${release()}, ${cpus().length} processors`,
      node: process.version,
      engine: `${audit.engine.name} ${audit.engine.version}`,
      images: { target: audit.images.target.tag, lab: audit.images.helper.tag, 'target id': audit.images.target.id },
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
}
