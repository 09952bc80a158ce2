/**
 * The report as annotations of GitHub Actions: a line each, which the runner shows at the file that it names.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
import { gateOf, isAccepted } from './baseline.ts';
import { gateWords } from './baseline-words.ts';
import { causesOf, causeText, certaintyWord } from './cause.ts';
import { conclusion } from './conclusion.ts';
import { byRemedy, type Finding, findings, type RemedyGroup } from './findings.ts';
import type { Cause, ConfigurationResult, Report } from './model.ts';
import { visible } from './visible.ts';
import { endsSoon, termOf, workOf } from './waivers.ts';
import { attemptMark, count } from './words.ts';

/** A step shows so many of each kind, and drops the others without a word. */
export const MOST_OF_A_KIND = 10;

const ATTEMPTS = 5;
const TEXT_LIMIT = 400;
const REMEDY_LIMIT = 1000;
const POLICY_FILE = 'relayproof.yaml';

type Kind = 'error' | 'warning' | 'notice';
type Annotation = { kind: Kind; title: string; lines: string[]; file?: string; line?: number };

const shown = (text: string, limit = TEXT_LIMIT) => visible(text, limit);

// As the runner takes them apart: actions/toolkit, packages/core/src/command.ts.
const escapedText = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string) => escapedText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function commandOf({ kind, title, lines, file, line }: Annotation): string {
  const properties = { ...(file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) }), title };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${kind} ${written.join(',')}::${escapedText(lines.join('\n'))}`;
}

/** A file of a configuration as a path in the repository; none if that is not known, or cannot be shown as it is. */
function fileIn({ source }: ConfigurationResult, file: string): { file?: string } {
  if (source === undefined) return {};
  const path = [source.folder === '.' ? '' : source.folder, file === source.mainAs ? source.main : file]
    .filter((part) => part !== '')
    .join('/');
  return visible(path) === path ? { file: path } : {};
}

function placeOf(configuration: ConfigurationResult, cause: Cause | undefined): { file?: string; line?: number } {
  if (cause === undefined)
    return fileIn(configuration, configuration.source?.mainAs ?? configuration.source?.main ?? '');
  const place = fileIn(configuration, cause.file);
  return place.file === undefined ? {} : { ...place, line: Math.max(1, Math.trunc(cause.line)) };
}

function attemptLines(list: readonly Finding[]): string[] {
  const left = list.length - ATTEMPTS;
  return [
    ...list.slice(0, ATTEMPTS).map(({ attempt }) => `${shown(attempt.id)}: ${shown(attempt.reason)}`),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

function ofGroup(group: RemedyGroup, kind: Kind, what: string): Annotation {
  const { configuration, remedy, findings: list } = group;
  const [first, ...others] = causesOf(list);
  return {
    kind,
    ...placeOf(configuration, first?.cause),
    title: `${shown(configuration.name, 100)}: ${count(list.length, what)}`,
    lines: [
      ...attemptLines(list),
      ...(first === undefined
        ? []
        : [`Cause: ${shown(causeText(first.cause))} (${certaintyWord[first.cause.certainty]})`]),
      ...(others.length > 0 ? [`and ${count(others.length, 'more cause', 'more causes')}`] : []),
      ...(remedy === '' ? [] : [`Remedy: ${shown(remedy, REMEDY_LIMIT)}`]),
    ],
  };
}

function waiverAnnotations(report: Report): Annotation[] {
  return report.configurations.flatMap((configuration) =>
    configuration.waivers
      .filter((waiver) => waiver.state !== 'in-use' || endsSoon(waiver))
      .map((waiver) => ({
        kind: 'warning' as const,
        ...fileIn(configuration, POLICY_FILE),
        title: `${shown(configuration.name, 100)}: a waiver`,
        lines: [shown(`${waiver.attempt}: ${termOf(waiver)}; ${workOf(waiver)}`)],
      })),
  );
}

/** The first ones of a kind, and in place of the last one how many more there are. */
function limited(list: readonly Annotation[], most: number): Annotation[] {
  const [first] = list;
  if (first === undefined || list.length <= most) return [...list];
  const left = list.length - most + 1;
  const more = { kind: first.kind, title: `${left} more`, lines: [`${left} more of these are in the report.`] };
  return [...list.slice(0, most - 1), more];
}

/** Lines for the runner: errors for what fails the job, warnings, and a notice with the verdict. */
export function renderAnnotations(report: Report): string {
  const found = findings(report);
  const known = found.violations.filter(({ attempt }) => isAccepted(report, attempt));
  const open = found.violations.filter(({ attempt }) => !isAccepted(report, attempt));
  const { verdict, reasons } = gateOf(report);
  const gate = gateWords(report);
  const inconclusive: Annotation[] =
    verdict === 'inconclusive'
      ? [
          {
            kind: 'error',
            title: attemptMark.inconclusive.word,
            lines: reasons.slice(0, ATTEMPTS).map((one) => shown(one)),
          },
        ]
      : [];
  const errors = [...inconclusive, ...byRemedy(open).map((group) => ofGroup(group, 'error', 'violation'))];
  const warnings = [
    ...waiverAnnotations(report),
    ...byRemedy(found.warnings).map((group) => ofGroup(group, 'warning', 'warning')),
  ];
  const result: Annotation = {
    kind: 'notice',
    title: 'relayproof',
    lines: [shown(conclusion(report, found)), ...(gate === undefined ? [] : [gate.words])],
  };
  const notices = byRemedy(known).map((group) => ofGroup(group, 'notice', 'known violation'));
  return [
    ...limited(errors, MOST_OF_A_KIND),
    ...limited(warnings, MOST_OF_A_KIND),
    ...limited(notices, MOST_OF_A_KIND - 1),
    result,
  ]
    .map((one) => `${commandOf(one)}\n`)
    .join('');
}
