/** What `relayproof compare` prints: words first. */
import picocolors from 'picocolors';
import { hanging } from '../terminal/layout.ts';
import { type Colours, paint } from '../terminal/paint.ts';
import { visible } from '../visible.ts';
import { count, type Mark } from '../words.ts';
import type { Comparison, Difference, Listed, Side } from './model.ts';
import {
  alike,
  answerWords,
  comparisonConclusion,
  countsOf,
  differenceMark,
  isChange,
  listedParts,
  sideWord,
  statementMark,
  stays,
  verdictOf,
  whoWasAsked,
  worthNaming,
} from './words.ts';

const NARROWEST = 60;
const MOST = 20;
const MOST_ANSWERS = 4;
const MOST_ITEMS = 12;
const MOST_OUTPUT = 6;
const TEXT_LIMIT = 400;
/** Sentences of ours, with a list of mail programs at most. */
const WORDS_LIMIT = 800;
const REPLY_LIMIT = 200;

const shown = (text: string) => visible(text, TEXT_LIMIT);

const marked = (mark: Mark, text: string, width: number, colours: Colours): string[] =>
  hanging(mark.glyph, text, width).map((line) => paint(mark, line, colours));

function rest(list: readonly unknown[], limit: number): string[] {
  return list.length > limit ? [`  and ${list.length - limit} more: see the report`] : [];
}

function sideLines(label: string, side: Side, width: number): string[] {
  const from = side.source === side.name ? '' : ` (${shown(side.source)})`;
  return [
    ...hanging(label.padEnd(6), `${shown(side.name)}${from}: ${sideWord(side)}`, width),
    ...(side.error ? hanging('', `It did not start: ${shown(side.error.message)}`, width, 7) : []),
    ...(side.error?.output.slice(0, MOST_OUTPUT) ?? []).flatMap((line) => hanging('|', shown(line), width, 7)),
  ];
}

function listLines(list: Listed, width: number): string[] {
  const asked = whoWasAsked(list);
  return [
    ...hanging('', `${shown(list.title)}${asked === '' ? '' : ` (${asked})`}:`, width),
    ...listedParts(list).flatMap(({ mark, items }) => [
      ...items.slice(0, MOST_ITEMS).flatMap((item) => hanging(mark, shown(item), width, 2)),
      ...rest(items, MOST_ITEMS),
    ]),
  ];
}

/** Those that want a decision; all others are counted. */
const wantsALook = ({ kind, judgement }: Difference): boolean => judgement === 'unexpected' || kind === 'unclear';

function differenceLines(difference: Difference, width: number, colours: Colours): string[] {
  const { id, words, why } = difference;
  const mark = differenceMark(difference);
  const text = `${shown(id)}, ${mark.word}: ${visible(words, REPLY_LIMIT)}${why === '' ? '' : ` (${shown(why)})`}`;
  return marked(mark, text, width, colours);
}

/** The whole output; the verdict is its last line. */
export function renderComparisonTerminal(
  comparison: Comparison,
  { columns, colour }: { columns: number; colour: boolean },
): string {
  const colours = picocolors.createColors(colour);
  const width = Math.max(NARROWEST, Math.floor(columns) || NARROWEST);
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
  const { statements, differences, answers, before, after, reasons } = comparison;
  const say = (list: typeof statements) =>
    list.flatMap((one) => marked(statementMark(one), visible(one.words, WORDS_LIMIT), width, colours));
  const { said, counted } = stays(statements);
  const looks = differences.filter(wantsALook);
  const mark = verdictOf(comparison);
  const lists = (all: readonly Listed[]) => worthNaming(all).flatMap((one) => listLines(one, width));
  const lines = [
    ...section('Compared', [...sideLines('BEFORE', before, width), ...sideLines('AFTER', after, width)]),
    ...section('What changes', say(statements.filter(isChange))),
    ...section('What stays', [...say(said), ...(counted === undefined ? [] : hanging('=', counted, width))]),
    ...section('Trust', [
      ...lists(comparison.trust),
      ...alike(comparison.trust).flatMap((words) => hanging('=', `${shown(words)}, as before`, width)),
    ]),
    ...section('Settings', lists(comparison.settings)),
    ...section('Look at these', [
      ...looks.slice(0, MOST).flatMap((one) => differenceLines(one, width, colours)),
      ...rest(looks, MOST),
    ]),
    ...section('Answered otherwise', [
      ...answers
        .slice(0, MOST_ANSWERS)
        .flatMap(({ before: one, after: other, attempts }) =>
          hanging(
            '–',
            `${count(attempts.length, 'attempt')}: ${visible(answerWords(one), REPLY_LIMIT)} → ${visible(answerWords(other), REPLY_LIMIT)}`,
            width,
          ),
        ),
      ...rest(answers, MOST_ANSWERS),
    ]),
    ...section('Attempts', hanging('', countsOf(comparison).join(', '), width)),
    ...section('Reasons', [
      ...reasons.slice(0, MOST).flatMap((reason) => hanging('-', shown(reason), width)),
      ...rest(reasons, MOST),
    ]),
    ...marked(mark, comparisonConclusion(comparison), width, colours),
  ];
  return `${lines.join('\n')}\n`;
}
