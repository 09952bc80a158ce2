/** JSON that can be shown as it is: a parser reads the same out of it, and a terminal finds nothing to act on. */

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
