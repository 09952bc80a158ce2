/** Configurations against suites, and the controls, in the columns that there are. */
import { describer, type Findings, findingsOf } from '../findings.ts';
import type { ConfigurationResult, Report } from '../model.ts';
import { cellOf, columnsOf, tallyOf } from '../tally.ts';
import { visible } from '../visible.ts';
import { flagMark, type Mark, verdictMark } from '../words.ts';
import { GAP, grid } from './grid.ts';
import { type Head, headsOf, headWidth, SHORTEST_WORD } from './heads.ts';
import { hanging, shorten, widthOf, wrap } from './layout.ts';
import { type Colours, paint } from './paint.ts';

const NAME_WIDTH = 16;
const NAME_LINES = 3;

function nameLines(name: string, width = NAME_WIDTH): string {
  const lines = wrap(visible(name, 200), width, '-');
  if (lines.length <= NAME_LINES) return lines.join('\n');
  return [...lines.slice(0, NAME_LINES - 1), shorten(lines.slice(NAME_LINES - 1).join(''), width)].join('\n');
}

type Cell = { text: string; mark: Mark };
type Row = { configuration: ConfigurationResult; cells: Cell[] };

function rowsOf(report: Report, names: readonly string[]): Row[] {
  const describe = describer(report);
  return report.configurations.flatMap((configuration, index) => {
    if (configuration.role === 'control') return [];
    const list = findingsOf(configuration, index, describe);
    const cells = names.map((name) => {
      const tally = tallyOf(list.filter(({ attempt }) => attempt.suite === name));
      const cell = cellOf(tally);
      const number = cell.number === tally.total ? `${cell.number}` : `${cell.number}/${tally.total}`;
      return { text: tally.total === 0 ? cell.glyph : `${cell.glyph} ${number}`, mark: cell };
    });
    return [{ configuration, cells }];
  });
}

/** Which columns stand beside one another: those that do not shorten go into a further table. */
export function chunksOf(widths: readonly number[], first: number, further: number): number[][] {
  const chunks: number[][] = [[]];
  let room = first;
  widths.forEach((width, index) => {
    room -= width + GAP;
    if (room < 0 && chunks.at(-1)?.length !== 0) {
      chunks.push([]);
      room = further - width - GAP;
    }
    chunks.at(-1)?.push(index);
  });
  return chunks;
}

function legend(heads: readonly Head[], width: number): string[] {
  const cut = heads
    .filter(({ shortened }) => shortened)
    .map(({ lines, name }) => `${lines.join('')} = ${shorten(name, 40)}`);
  const marks =
    '✓ pass, ✗ fail, ? inconclusive, ! warning, ○ waived, – noted or not applicable, · not run; n/m: n of m';
  return [...hanging('', marks, width), ...(cut.length === 0 ? [] : hanging('', cut.join(', '), width))];
}

/** The longest words that leave all suites in one table; if even the shortest do not, several tables of those. */
function roomiest(names: readonly string[], rows: readonly Row[], room: number, verdictWidth: number) {
  const layouts = [12, 10, 9, 8, SHORTEST_WORD].map((longestWord) => {
    const heads = headsOf(names, longestWord);
    const widths = heads.map((head, index) =>
      Math.max(headWidth(head), ...rows.map(({ cells }) => widthOf(cells[index]?.text ?? ''))),
    );
    return { heads, chunks: chunksOf(widths, room - verdictWidth - GAP, room) };
  });
  const best = layouts.find(({ chunks }) => chunks.length === 1) ?? layouts.at(-1);
  return best ?? { heads: [], chunks: [] };
}

/** The results of references and subjects. */
export function matrixLines(report: Report, width: number, colours: Colours): string[] {
  const names = columnsOf(report).map(({ name }) => name);
  const rows = rowsOf(report, names);
  if (rows.length === 0) return ['No configuration was audited.'];
  const verdicts = rows.map(({ configuration }) => verdictMark[configuration.verdict]);
  const verdictWidth = Math.max('verdict'.length, ...verdicts.map(({ word }) => widthOf(word) + 2));
  const { heads, chunks } = roomiest(names, rows, width - NAME_WIDTH, verdictWidth);
  const tables = chunks.map((chunk, part) => {
    const withVerdict = part === 0;
    const top = [
      'configuration',
      ...(withVerdict ? ['verdict'] : []),
      ...chunk.map((at) => heads[at]?.lines.join('\n') ?? ''),
    ];
    const body = rows.map(({ configuration, cells }) => {
      const mark = verdictMark[configuration.verdict];
      const shown = chunk
        .map((at) => cells[at])
        .map((cell) => (cell === undefined ? '' : paint(cell.mark, cell.text, colours)));
      const verdict = withVerdict ? [paint(mark, `${mark.glyph} ${mark.word}`, colours)] : [];
      return [nameLines(configuration.name), ...verdict, ...shown];
    });
    return [...grid(top, body), ''];
  });
  return [...tables.flat(), ...legend(heads, width)];
}

const CONTROL_WIDTH = 32;
const MOST_UNFLAGGED = 10;

/** The controls, a line each: whether the fault was noticed, by how many of those that must, and what it was. */
export function controlLines({ controls }: Findings, width: number, colours: Colours): string[] {
  if (controls.length === 0) return ['No control was run.'];
  const state = Math.max(...controls.map(({ configuration }) => widthOf(verdictMark[configuration.verdict].word) + 2));
  return controls.flatMap(({ configuration, detections }) => {
    const mark = verdictMark[configuration.verdict];
    const flagged = detections.filter(({ state }) => state === 'flagged').length;
    const verdict = `${mark.glyph} ${mark.word}`.padEnd(state);
    const name = shorten(visible(configuration.name, 200), CONTROL_WIDTH).padEnd(CONTROL_WIDTH);
    const number = `${flagged}/${detections.length}`.padStart(5);
    const left = width - state - CONTROL_WIDTH - 5 - 3 * GAP;
    const fault = shorten(visible(configuration.control?.fault ?? 'not named', 400), left);
    const unflagged = detections.filter(({ state }) => state !== 'flagged');
    const silent = unflagged.slice(0, MOST_UNFLAGGED).flatMap(({ attemptId, state }) => {
      const { glyph, word } = flagMark[state];
      return hanging(glyph, `${visible(attemptId, 200)} ${word}`, width, 2);
    });
    const more = unflagged.length - MOST_UNFLAGGED;
    if (more > 0) silent.push(`  and ${more} more: see the report`);
    return [`${paint(mark, verdict, colours)} ${name} ${number} ${fault}`, ...silent];
  });
}
