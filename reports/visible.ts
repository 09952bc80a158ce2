/**
 * Report text comes from mail servers and clients that may be hostile. Whatever could act instead of being read
 * (control characters, terminal escapes, bidirectional overrides, invisible characters, broken surrogates, endless
 * lines) is turned into something that can only be read.
 */

/** How many characters of one line are shown. */
export const LINE_LIMIT = 2000;

// More than three combining marks on one letter pile up over the neighbouring lines.
const INERT = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|(?<=\p{M}{3})\p{M}`;
const hidden = new RegExp(INERT, 'gu');
const hiddenRun = new RegExp(`((?:${INERT})+)`, 'gu');
const plain = /^[\x20-\x7e]*$/;

/** A stretch of text: as it was, or rewritten because it could not be shown as it was. */
export type Piece = { text: string; rewritten: boolean };

const short: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A character that must not be shown as it is, as an escape in ASCII: not every font has the control pictures. */
function escaped(character: string): string {
  return short[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;
}

function cut(text: string, limit: number): { kept: string; note: string } {
  if (text.length <= limit) return { kept: text, note: '' };
  const last = text.charCodeAt(limit - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
  const left = (text.length - end).toLocaleString('en-US');
  return { kept: text.slice(0, end), note: ` [… ${left} more characters not shown]` };
}

/** The text as one line that is safe to show: nothing in it acts, and it is not longer than about `limit`. */
export function visible(text: string, limit: number = LINE_LIMIT): string {
  const { kept, note } = cut(text, limit);
  return (plain.test(kept) ? kept : kept.replace(hidden, escaped)) + note;
}

/** Like `visible`, with the rewritten stretches apart, so that they can be told from the same text sent literally. */
export function visiblePieces(text: string, limit: number = LINE_LIMIT): Piece[] {
  const { kept, note } = cut(text, limit);
  const pieces: Piece[] = plain.test(kept)
    ? [{ text: kept, rewritten: false }]
    : kept.split(hiddenRun).map((part, index) => {
        const rewritten = index % 2 === 1;
        return { text: rewritten ? Array.from(part, escaped).join('') : part, rewritten };
      });
  if (note !== '') pieces.push({ text: note, rewritten: true });
  return pieces.filter((piece) => piece.text !== '');
}
