/** Mail programs against configurations, in the columns that there are. */
import { type ClientCell, type ClientTable, clientMark, clientTable, needNumber } from '../client-table.ts';
import type { Report } from '../model.ts';
import { visible } from '../visible.ts';
import { GAP, grid } from './grid.ts';
import { headsOf, headWidth } from './heads.ts';
import { hanging, shorten } from './layout.ts';
import { chunksOf } from './matrix.ts';
import { type Colours, paint } from './paint.ts';

const NAME_WIDTH = 33;
/** Words of names of configurations are not longer in a head. */
const LONGEST_WORD = 8;

function cellText(table: ClientTable, cell: ClientCell, colours: Colours): string {
  const mark = clientMark[cell.state];
  const number = needNumber(table, cell);
  return paint(mark, number === undefined ? mark.glyph : `${mark.glyph} ${number}`, colours);
}

/** A line for each way in which a program is set up, below its name; then what the numbers mean. Empty if none was tried. */
export function clientLines(report: Report, width: number, colours: Colours): string[] {
  const table = clientTable(report);
  if (table === undefined) return [];
  const heads = headsOf(
    table.configurations.map(({ name }) => name),
    LONGEST_WORD,
  );
  const room = width - NAME_WIDTH - GAP;
  const tables = chunksOf(
    heads.map((head) => Math.max(headWidth(head), '✗ 10'.length)),
    room,
    room,
  ).map((chunk) => {
    const top = ['program', ...chunk.map((at) => heads[at]?.lines.join('\n') ?? '')];
    const body = table.programs.flatMap(({ program, by, ways }) => [
      [shorten(`${visible(program, 200)}${by === 'program' ? ' (itself)' : ''}`, NAME_WIDTH), ...chunk.map(() => '')],
      ...ways.map(({ way, cells }) => [
        shorten(`  ${visible(way, 200)}`, NAME_WIDTH),
        ...chunk.map((at) => {
          const cell = cells[at];
          return cell === undefined ? '' : cellText(table, cell, colours);
        }),
      ]),
    ]);
    return [...grid(top, body), ''];
  });
  const marks = Object.values(clientMark)
    .map(({ glyph, word }) => `${glyph} ${word}`)
    .join(', ');
  const legend = `${marks}; a number is what it would need:`;
  const needs = table.needs.flatMap((words, index) => hanging(`${index + 1}`.padStart(2), visible(words, 400), width));
  return [...tables.flat(), ...hanging('', table.needs.length > 0 ? legend : marks, width), ...needs];
}
