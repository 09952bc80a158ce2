/** Suite names as narrow column heads: one word per line, long words cut, and a legend for those that were cut. */
import { visible } from '../visible.ts';
import { shorten, widthOf } from './layout.ts';

/** Words of heads are not cut to less than this. */
export const SHORTEST_WORD = 7;

const MOST_LINES = 3;

/** A column head of one or more short lines, and the name that it stands for. */
export type Head = { name: string; lines: string[]; shortened: boolean };

function linesOf(name: string, longestWord: number): string[] {
  const words = name.split(/(?<=-)/).filter((word) => word !== '');
  const kept =
    words.length > MOST_LINES ? [...words.slice(0, MOST_LINES - 1), words.slice(MOST_LINES - 1).join('')] : words;
  return kept.map((word) => shorten(word, longestWord));
}

/** The heads of the columns; two that would look the same are numbered. */
export function headsOf(names: readonly string[], longestWord: number): Head[] {
  const used = new Set<string>();
  return names.map((raw) => {
    const name = visible(raw, 200);
    let lines = linesOf(name, longestWord);
    for (let number = 2; used.has(lines.join('\n')); number += 1) {
      const suffix = `~${number}`;
      const last = lines.at(-1) ?? '';
      lines = [...lines.slice(0, -1), `${shorten(last.replace(/~\d+$/, ''), longestWord - suffix.length)}${suffix}`];
    }
    used.add(lines.join('\n'));
    return { name, lines, shortened: lines.join('') !== name };
  });
}

/** How wide a head is. */
export function headWidth({ lines }: Head): number {
  return Math.max(0, ...lines.map(widthOf));
}
