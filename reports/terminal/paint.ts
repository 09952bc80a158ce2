/** Colours, which only repeat what a glyph or a word says. */
import type picocolors from 'picocolors';
import type { Mark } from '../words.ts';

/** Functions that colour a text, or leave it as it is. */
export type Colours = ReturnType<typeof picocolors.createColors>;

/** The text in the colour of a mark. */
export function paint({ tone }: Mark, text: string, colours: Colours): string {
  switch (tone) {
    case 'good':
      return colours.green(text);
    case 'bad':
      return colours.bold(colours.red(text));
    case 'unclear':
    case 'warning':
      return colours.yellow(text);
    case 'quiet':
      return text;
  }
}
