/** A comparison as Markdown for a change request: short, what changes first, and never too large to be taken. */
import { code, codeInTable, prose, table } from '../markdown.ts';
import { visible } from '../visible.ts';
import { count, type Mark, verdictMark } from '../words.ts';
import type { Comparison, Difference, Listed, OtherAnswer, Side } from './model.ts';
import {
  alike,
  answerWords,
  comparisonConclusion,
  countsOf,
  differenceMark,
  isChange,
  listedParts,
  statementMark,
  stays,
  verdictOf,
  whoWasAsked,
  worthNaming,
} from './words.ts';

/** A change request is read by people: what they cannot take in belongs into comparison.html. */
export const MARKDOWN_LIMIT = 256 * 1024;

const MOST_ITEMS = 40;
const MOST_DIFFERENCES = 100;
const MOST_ANSWERS = 10;

const share = { reasons: 0.1, statements: 0.15, lists: 0.1, differences: 0.15, answers: 0.05 } as const;

/** The entries that fit, and a line that says how many were left out. */
function fitting(entries: readonly string[][], part: keyof typeof share, most = Number.POSITIVE_INFINITY): string[] {
  let room = MARKDOWN_LIMIT * share[part];
  const lines: string[] = [];
  let taken = 0;
  for (const entry of entries.slice(0, most)) {
    room -= Buffer.byteLength(`${entry.join('\n')}\n`);
    if (room < 0) break;
    lines.push(...entry);
    taken += 1;
  }
  const left = entries.length - taken;
  return left > 0 ? [...lines, '', `and ${left} more: the full list is in \`comparison.html\`.`] : lines;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];

function sideRow(label: string, { name, source, mode, verdict, sendmail, startedAt }: Side): string[] {
  const { glyph, word } = verdictMark[verdict];
  const from = source === name ? '' : ` from ${codeInTable(source)}`;
  return [
    label,
    `${codeInTable(name)}${from}`,
    codeInTable(mode ?? 'not known'),
    `${glyph} ${word}`,
    codeInTable(sendmail),
    codeInTable(startedAt),
  ];
}

function listLines(list: Listed): string[] {
  const asked = whoWasAsked(list);
  return [
    `- ${prose(list.title)}${asked === '' ? '' : ` (${asked})`}`,
    ...listedParts(list).flatMap(({ mark, items }) => [
      ...items
        .slice(0, MOST_ITEMS)
        .map((item) => `  - ${mark === '+' ? 'gained' : mark === '−' ? 'lost' : 'has'} ${code(item)}`),
      ...(items.length > MOST_ITEMS ? [`  - and ${items.length - MOST_ITEMS} more`] : []),
    ]),
  ];
}

function differenceLines(difference: Difference): string[] {
  const { glyph, word } = differenceMark(difference);
  const why = difference.why === '' ? '' : ` (${prose(visible(difference.why, 200))})`;
  return [`- ${glyph} ${code(difference.id)}: ${word}${why}. ${code(visible(difference.words, 300))}`];
}

function answerLines({ before, after, attempts }: OtherAnswer): string[] {
  const [one, other] = [before, after].map((side) => code(visible(answerWords(side), 300)));
  return [`- ${count(attempts.length, 'attempt')}: ${one} → ${other}`];
}

const decides = ({ judgement, kind }: Difference): boolean => judgement === 'unexpected' || kind === 'unclear';

/** A plus sign at the beginning of an item would begin another list. */
const glyphOf = ({ glyph }: Mark): string => (glyph === '+' ? '\\+' : glyph);

/** The content of `comparison.md`. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const mark = verdictOf(comparison);
  const left = stays(comparison.statements);
  const { before, after, statements, differences, answers, reasons } = comparison;
  const said = (list: typeof statements) => list.map((one) => [`- ${glyphOf(statementMark(one))} ${prose(one.words)}`]);
  const lists = (all: readonly Listed[]) => fitting(worthNaming(all).map(listLines), 'lists');
  const [head = '', rule = '', ...rows] = table(
    ['', 'Configuration', 'Mode', 'Verdict', 'sendmail', 'Audited'],
    [sideRow('Before', before), sideRow('After', after)],
  );
  const others = differences.filter((one) => !decides(one));
  const lines = [
    `# ${mark.glyph} Change of a mail server’s configuration: ${mark.word}`,
    '',
    prose(comparisonConclusion(comparison)),
    '',
    head,
    rule,
    ...rows,
    ...section(
      'Reasons',
      fitting(
        reasons.map((reason) => [`- ${code(reason)}`]),
        'reasons',
      ),
    ),
    ...section('What changes', fitting(said(statements.filter(isChange)), 'statements')),
    ...section('What stays', [
      ...fitting(said(left.said), 'statements'),
      ...(left.counted === undefined ? [] : [`- = ${prose(left.counted)}`]),
    ]),
    ...section('Trust', [
      ...lists(comparison.trust),
      ...fitting(
        alike(comparison.trust).map((words) => [`- = ${prose(words)}, as before`]),
        'lists',
      ),
    ]),
    ...section('Settings', lists(comparison.settings)),
    ...section(
      'Look at these',
      fitting(differences.filter(decides).map(differenceLines), 'differences', MOST_DIFFERENCES),
    ),
    ...section('Other differences', fitting(others.map(differenceLines), 'differences', MOST_DIFFERENCES)),
    ...section('Answered otherwise', fitting(answers.map(answerLines), 'answers', MOST_ANSWERS)),
    ...section(
      'Counts',
      countsOf(comparison).map((words) => `- ${words}`),
    ),
    '',
    'The sessions behind each line are in `comparison.html`.',
  ];
  return `${lines.join('\n')}\n`;
}
