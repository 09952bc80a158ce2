/** The result as JSON. */
import type { ReadinessResult } from '../model.ts';

/** So many users are written at once. */
const BATCH = 200;

/**
 * The pieces of what JSON.stringify would make of the result: tens of thousands of users are tens of megabytes, of which no
 * more than a piece is needed at a time.
 *
 * @param indent so many spaces for each level, or none
 */
export function* readinessJson(result: ReadinessResult, indent = 0): Generator<string> {
  const [newline, space] = indent > 0 ? ['\n', ' '] : ['', ''];
  // Within a string the second quotation mark would have a backslash before it.
  const key = `"users":${space}`;
  const frame = JSON.stringify({ ...result, users: [] }, null, indent);
  const at = frame.indexOf(`${key}[]`) + key.length;
  yield frame.slice(0, at + 1);
  const pad = newline + ' '.repeat(2 * indent);
  let [separator, batch] = ['', ''];
  let held = 0;
  for (const user of result.users) {
    // No line ends within strings: they are escaped.
    batch += separator + pad + JSON.stringify(user, null, indent).replaceAll('\n', pad);
    separator = ',';
    if (++held % BATCH !== 0) continue;
    yield batch;
    batch = '';
  }
  const end = held > 0 ? newline + ' '.repeat(indent) : '';
  yield `${batch}${end}${frame.slice(at + 1)}`;
}
