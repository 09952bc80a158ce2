/** Which of the names that there are somebody may have meant. */

/** How many letters have to be put in, taken out, exchanged or swapped with the next one to get from one word to another. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line[column] = Math.min(
        (last[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, line];
  }
  return last[to.length] ?? 0;
}

/** The name that is most like a word; undefined if none is much like it. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  // More than half of it is different: that was another word.
  let least = Math.max(2, Math.floor(wanted.length / 2));
  for (const name of new Set(names)) {
    if (Math.abs(name.length - wanted.length) <= least) {
      const far = distance(wanted, name.toLowerCase());
      if (far < least || (far === least && best === undefined)) {
        [best, least] = [name, far];
      }
    }
  }
  return best;
}
