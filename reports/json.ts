import { jsonLine } from './json-line.ts';
import type { Report } from './model.ts';

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
