/** JSON that can be shown as it is: a parser reads the same out of it, and a terminal finds nothing to act on. */

// JSON itself escapes C0 and lone surrogates only.
const acting = /[\u007f-\u009f\ufffe\uffff\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** One line of JSON in which controls, bidirectional overrides and invisible characters are escapes. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(acting, escaped);
