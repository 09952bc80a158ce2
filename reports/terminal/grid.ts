/** Tables without lines, as narrow as their content. */
import Table from 'cli-table3';

const noLines = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right', 'left-mid', 'mid-mid', 'right-mid', 'middle']
    .concat(['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'])
    .map((part) => [part, '']),
);

/** Columns between two cells. */
export const GAP = 1;

/** Lays out rows of cells; a cell may have several lines, and colours. */
export function grid(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = new Table({
    head: [...heads],
    chars: { ...noLines, middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.replace(/\s+$/, ''));
}
