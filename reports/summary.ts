/** The report as Markdown for a pipeline's summary page: short, what is wrong first, and never too large to be taken. */
import { entriesOf, gateWords, groupsOf, sinceWords } from './baseline-words.ts';
import { causesOf, causeText, certaintyWord, placeOf } from './cause.ts';
import { type ClientCell, type ClientTable, clientMark, clientTable, needNumber } from './client-table.ts';
import { conclusion, countsInWords } from './conclusion.ts';
import {
  byRemedy,
  type ControlFinding,
  describer,
  type Finding,
  findings,
  findingsOf,
  type LostProof,
  type WaiverFinding,
} from './findings.ts';
import { code, codeInTable, prose, table } from './markdown.ts';
import type { ConfigurationResult, Report } from './model.ts';
import { cellOf, columnsOf, tallyOf } from './tally.ts';
import { markOf, termOf, workOf } from './waivers.ts';
import {
  attemptMark,
  baselineMark,
  count,
  expectationWord,
  failMark,
  flagMark,
  observationWord,
  verdictMark,
} from './words.ts';

/** GitHub takes a step summary of up to 1 MiB, and drops a larger one whole. */
export const SUMMARY_LIMIT = 1024 * 1024;

/** The lines of one entry, made only if there is room left. They are taken or left out together. */
type Entry = () => string[];

// Shares of the limit; together they leave room for headings and for what is said of the rest.
const share = {
  reasons: 0.08,
  violations: 0.27,
  baseline: 0.1,
  controls: 0.1,
  unclear: 0.15,
  warnings: 0.08,
  waivers: 0.07,
  matrix: 0.08,
  clients: 0.05,
} as const;

const sizeOf = (lines: readonly string[]): number => Buffer.byteLength(`${lines.join('\n')}\n`);

/** The entries that fit, and a line that says how many were left out. */
function fitting(entries: readonly Entry[], part: keyof typeof share, noun: string, plural?: string): string[] {
  let room = SUMMARY_LIMIT * share[part];
  const lines: string[] = [];
  let taken = 0;
  // What follows the first that does not fit is left out too: a list with holes would look complete.
  for (const entry of entries) {
    const more = entry();
    room -= sizeOf(more);
    if (room < 0) break;
    lines.push(...more);
    taken += 1;
  }
  const left = entries.length - taken;
  if (left > 0) lines.push('', `${count(left, noun, plural)} left out here: the full list is in \`index.html\`.`, '');
  return lines;
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['', `## ${title}`, '', ...(lines[0] === '' ? lines.slice(1) : lines)];
}

function violationLine({ attempt, description }: Finding): string {
  const title = description === undefined ? '' : `: ${prose(description.title)}`;
  const must = `must be ${expectationWord[attempt.expected]}`;
  const state = attempt.baselineState === undefined ? '' : ` (${baselineMark[attempt.baselineState].word})`;
  return `- ✗ ${code(attempt.id)}${state}${title}; ${must}, ${observationWord[attempt.observed]}. ${code(attempt.reason)}`;
}

/** How many lines behind one group of violations are named. */
const CAUSES = 10;

function causeLines(group: readonly Finding[]): string[] {
  const causes = causesOf(group);
  const left = causes.length - CAUSES;
  return [
    ...causes
      .slice(0, CAUSES)
      .map(
        ({ cause }) =>
          `Cause: ${code(placeOf(cause))}: ${code(causeText(cause))} (${certaintyWord[cause.certainty]})  `,
      ),
    ...(left > 0 ? [`and ${count(left, 'more cause', 'more causes')}`] : []),
    ...(causes.length > 0 ? [''] : []),
  ];
}

function violationEntries(list: readonly Finding[]): Entry[] {
  return byRemedy(list).flatMap(({ configuration, remedy, findings: group }) => {
    const said = remedy === '' ? 'the catalogue names none.' : prose(remedy);
    const head = [
      '',
      `**${code(configuration.name)}**: ${count(group.length, 'violation')}. Remedy: ${said}`,
      '',
      ...causeLines(group),
    ];
    return group.map((finding, index) => () => [...(index === 0 ? head : []), violationLine(finding)]);
  });
}

function controlLines({ configuration, detections }: ControlFinding): string[] {
  const { word, glyph } = verdictMark[configuration.verdict];
  const fault = configuration.control === undefined ? 'fault not named' : prose(configuration.control.fault);
  const head = `- ${glyph} ${code(configuration.name)}, ${word}: ${fault}`;
  const by = detections.map(({ attemptId, state, finding }) => {
    const verdict = finding === undefined ? '' : `, its verdict is ${attemptMark[finding.attempt.verdict].word}`;
    return `  - ${flagMark[state].glyph} ${code(attemptId)}: ${flagMark[state].word}${verdict}`;
  });
  const reasons = configuration.reasons.map((reason) => `  - ${code(reason)}`);
  return [head, ...by, ...reasons];
}

function findingLines({ configuration, attempt, description, level }: Finding, withRemedy: boolean): string[] {
  const remedy = withRemedy && description !== undefined ? ` Remedy: ${prose(description.remedy)}` : '';
  const { glyph, word } = attempt.verdict === 'fail' ? failMark[level] : attemptMark[attempt.verdict];
  const where = `${code(configuration.name)}, ${code(attempt.id)}`;
  return [`- ${glyph} ${where}: ${word}. ${code(attempt.reason)}${remedy}`];
}

function waiverLines({ configuration, waiver }: WaiverFinding): string[] {
  const { glyph, word } = markOf(waiver);
  const named = waiver.attempts.map((id) => `  - ${code(id)}`);
  const where = `${code(configuration.name)}, ${code(waiver.attempt)}`;
  const said = `${word}, ${prose(termOf(waiver))}. ${workOf(waiver)}. Reason: ${code(waiver.reason)}`;
  return [`- ${glyph} ${where}: ${said}`, ...named];
}

function brokenLines(configuration: ConfigurationResult): string[] {
  const message = code(configuration.error?.message ?? '');
  return [`- ? ${code(configuration.name)} does not start. ${message}`];
}

function lostLines({ configuration, proof }: LostProof): string[] {
  const where = `${code(configuration.name)}, ${proof.when} ${code(proof.batch)}`;
  return [`- ? ${where}: the path was not shown to be alive. ${code(proof.reason)}`];
}

function matrix(report: Report): string[] {
  const columns = columnsOf(report);
  const describe = describer(report);
  const heads = ['Configuration', 'Verdict', ...columns.map(({ name }) => codeInTable(name))];
  const rows = report.configurations.map((configuration, index) => {
    const list = findingsOf(configuration, index, describe);
    const { glyph, word } = verdictMark[configuration.verdict];
    const cells = columns.map(({ name }) => {
      const tally = tallyOf(list.filter(({ attempt }) => attempt.suite === name));
      const cell = cellOf(tally);
      return tally.total === 0
        ? `${cell.glyph} ${cell.word}`
        : `${cell.glyph} ${cell.word} ${cell.number}/${tally.total}`;
    });
    const name = codeInTable(configuration.name);
    return [configuration.role === 'control' ? `${name} (control)` : name, `${glyph} ${word}`, ...cells];
  });
  const [head = '', rule = '', ...body] = table(heads, rows);
  // A head that does not fit leaves no table to put rows into.
  if (sizeOf([head, rule]) > (SUMMARY_LIMIT * share.matrix) / 2) return ['The matrix is in `index.html`.'];
  return [
    head,
    rule,
    ...fitting(
      body.map((line) => () => [line]),
      'matrix',
      'configuration',
    ),
  ];
}

function baselineLines(report: Report): string[] {
  const { baseline } = report;
  if (baseline === undefined) return [];
  const entries = entriesOf(baseline).map(({ entry, mark, word }) => () => [
    `- ${mark.glyph} ${word}: ${code(entry.configuration)}, ${code(entry.attempt)}. ${code(entry.why)}`,
  ]);
  return [
    `Since ${code(baseline.file)}, ${prose(sinceWords(baseline))}: ${groupsOf(baseline)}.`,
    '',
    ...fitting(
      [...baseline.remarks.map((remark) => () => [`- ! ${code(remark)}`]), ...entries],
      'baseline',
      'entry',
      'entries',
    ),
  ];
}

function clientCell(clients: ClientTable, cell: ClientCell): string {
  const { glyph, word } = clientMark[cell.state];
  const number = needNumber(clients, cell);
  return number === undefined ? `${glyph} ${word}` : `${glyph} needs ${number}`;
}

/** Mail programs against configurations. */
function clientLines(report: Report): string[] {
  const clients = clientTable(report);
  if (clients === undefined) return [];
  const heads = ['Program', 'Set up for', ...clients.configurations.map(({ name }) => codeInTable(name))];
  const rows = clients.programs.flatMap(({ program, by, ways }) =>
    ways.map(({ way, cells }) => [
      `${prose(program)}${by === 'program' ? ' (the program itself)' : ''}`,
      prose(way),
      ...cells.map((cell) => clientCell(clients, cell)),
    ]),
  );
  const [head = '', rule = '', ...body] = table(heads, rows);
  if (sizeOf([head, rule]) > (SUMMARY_LIMIT * share.clients) / 2) return ['The table is in `report.json`.'];
  return [
    head,
    rule,
    ...fitting(
      body.map((line) => () => [line]),
      'clients',
      'line',
    ),
    ...(clients.needs.length > 0 ? ['', 'What they would need:', ''] : []),
    ...clients.needs.map((words, index) => `${index + 1}. ${prose(words)}`),
  ];
}

/** The content of `summary.md`. */
export function renderSummary(report: Report): string {
  const found = findings(report);
  const mark = verdictMark[report.verdict];
  const unclear = [
    ...found.broken.map(
      ({ configuration }) =>
        () =>
          brokenLines(configuration),
    ),
    ...found.lostProofs.map((lost) => () => lostLines(lost)),
    ...found.inconclusive.map((finding) => () => findingLines(finding, false)),
  ];
  const warnings = found.warnings.map((finding) => () => findingLines(finding, true));
  const waivers = [
    ...found.waivers.map((one) => () => waiverLines(one)),
    ...found.waived.map((finding) => () => findingLines(finding, true)),
  ];
  const reasons = report.reasons.map((reason) => () => [`- ${code(reason)}`]);
  const gate = gateWords(report);
  const lines = [
    `# ${mark.glyph} Relay audit: ${mark.word}`,
    '',
    conclusion(report, found),
    '',
    ...(gate === undefined ? [] : [`${gate.mark.glyph} ${prose(gate.words)}`, '']),
    ...fitting(reasons, 'reasons', 'reason'),
    ...section('Violations', fitting(violationEntries(found.violations), 'violations', 'violation')),
    ...section(
      'Controls not detected',
      fitting(
        found.missedControls.map((control) => () => controlLines(control)),
        'controls',
        'control',
      ),
    ),
    ...section('Inconclusive', fitting(unclear, 'unclear', 'result')),
    ...section('Baseline', baselineLines(report)),
    ...section('Waivers', fitting(waivers, 'waivers', 'entry', 'entries')),
    ...section('Warnings', fitting(warnings, 'warnings', 'warning')),
    ...section('Matrix', matrix(report)),
    ...section('Mail clients', clientLines(report)),
    ...section(
      'Counts',
      countsInWords(report, found).map((words) => `- ${words}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
