/** The result as JSON. */
import type { ReadinessResult, ReadinessUser } from '../model.ts';

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
  const level = newline + ' '.repeat(indent);
  const elements = (users: readonly ReadinessUser[]) => {
    const list = JSON.stringify(users, null, indent).slice(1, -1 - newline.length);
    // Line ends within strings are escaped.
    return indent > 0 ? list.replaceAll('\n', level) : list;
  };
  let separator = '';
  let batch: ReadinessUser[] = [];
  for (const user of result.users) {
    if (batch.length === BATCH) {
      yield separator + elements(batch);
      separator = ',';
      batch = [];
    }
    batch.push(user);
  }
  if (batch.length > 0) yield separator + elements(batch) + level;
  yield frame.slice(at + 1);
}
