/** Keys that stand twice in one object of a JSON text: parsers take the last, and say nothing. */
import { visible } from './visible.ts';

/** Where a key stands for the second time, counted from 1. */
export type RepeatedKey = { line: number; column: number; words: string };

/** Where a string ends that begins at a quotation mark. */
function endOfString(text: string, start: number): number {
  let end = start;
  let backslashes = 0;
  do {
    end = text.indexOf('"', end + 1);
    backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
  } while (backslashes % 2 === 1);
  return end;
}

/** How many keys a valid JSON text has. */
function keysWritten(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0; ) {
    let next = endOfString(text, start) + 1;
    start = text.indexOf('"', next);
    while (text.charCodeAt(next) <= 0x20) next += 1;
    if (text[next] === ':') count += 1;
  }
  return count;
}

/** How many keys are left of it once it is read. */
function keysRead(value: unknown): number {
  let count = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const items = Object.values(next);
    if (!Array.isArray(next)) count += items.length;
    for (const item of items) waiting.push(item);
  }
  return count;
}

/** The first key that stands twice in one object of a valid JSON text; `value` is what the text reads as. */
export async function repeatedKey(text: string, value: unknown): Promise<RepeatedKey | undefined> {
  if (keysWritten(text) === keysRead(value)) return undefined;
  // Counting is quick, and says nothing of the place. For that there is a parser that looks at every key.
  const { transform } = await import('esbuild');
  const { warnings } = await transform(text, { loader: 'json', logLevel: 'silent' });
  const place = warnings.find(({ id }) => id === 'duplicate-object-key')?.location;
  if (!place) return { line: 1, column: 1, words: 'a key stands twice in one object' };
  // Its columns count octets.
  const octets = Buffer.from(place.lineText);
  const column = octets.subarray(0, place.column).toString().length + 1;
  const key = octets.subarray(place.column, place.column + place.length).toString();
  return { line: place.line, column, words: `the key ${visible(key, 100)} stands twice in one object` };
}
