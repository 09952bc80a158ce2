/** JSON that can be shown as it is: a parser reads the same out of it, and a terminal finds nothing to act on. */

import type { Report } from './model.ts';

// JSON itself escapes C0 and lone surrogates only.
const acting = /[\u007f-\u009f\ufffe\uffff\p{Cf}\p{Zl}\p{Zp}]/gu;

const plain = /^[\x20-\x7e]*$/;

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** One line of JSON in which controls, bidirectional overrides and invisible characters are escapes. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  // Nearly all of it is plain, and looking for classes of characters takes its time.
  return plain.test(json) ? json : json.replace(acting, escaped);
}

/** `report.json` piece by piece, each list by its elements: a whole one may be longer than a string can be. */
export function* jsonPieces(report: Report): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(report)) {
    if (value === undefined) continue;
    yield `${before}${jsonLine(key)}:`;
    before = ',';
    if (Array.isArray(value)) {
      yield '[';
      for (const [index, element] of value.entries()) {
        yield (index > 0 ? ',' : '') + jsonLine(element);
      }
      yield ']';
    } else {
      yield jsonLine(value);
    }
  }
  yield '}\n';
}

/** The content of `report.json`. */
export const renderJson = (report: Report): string => [...jsonPieces(report)].join('');
