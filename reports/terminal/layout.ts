/** Fitting text into a terminal's columns. Widths err on the wide side, so that a line is never too long. */

const wide = /[\u1100-\u1dff\u2c00-\u{10ffff}]|\p{Emoji_Presentation}/u;
const ascii = /^[\x20-\x7e]*$/;

/** How many columns a text takes; it must hold no control characters. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : 1;
  return width;
}

/** As much of a text as fits, and the rest. Takes at least one character. */
function split(text: string, width: number): [head: string, rest: string] {
  let taken = 0;
  let end = 0;
  for (const character of text) {
    const next = taken + widthOf(character);
    if (next > width && end > 0) break;
    taken = next;
    end += character.length;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** A text cut to a width, with an ellipsis where something was cut. */
export function shorten(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${split(text, width - 1)[0]}…`;
}

/** Breaks a text into lines at spaces, at the ends of name parts in `breakAfter`, or anywhere if there is no other way. */
export function wrap(text: string, width: number, breakAfter = ''): string[] {
  const lines: string[] = [];
  let line = '';
  const parts = text.match(breakAfter === '' ? /\S+\s*/g : new RegExp(`[^\\s${breakAfter}]*[\\s${breakAfter}]*`, 'g'));
  for (let part of parts ?? []) {
    if (widthOf((line + part).trimEnd()) <= width) {
      line += part;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    while (widthOf(part.trimEnd()) > width) {
      const [head, rest] = split(part, width);
      lines.push(head);
      part = rest;
    }
    line = part;
  }
  if (line.trimEnd() !== '') lines.push(line.trimEnd());
  return lines.length === 0 ? [''] : lines;
}

/** A paragraph that begins with a mark and goes on under its own first word. */
export function hanging(mark: string, text: string, width: number, indent = 0): string[] {
  const margin = ' '.repeat(indent);
  const hang = mark === '' ? '' : ' '.repeat(widthOf(mark) + 1);
  const lines = wrap(text, width - indent - hang.length);
  return lines.map((line, index) =>
    index === 0 && mark !== '' ? `${margin}${mark} ${line}` : `${margin}${hang}${line}`,
  );
}
