/** Report text inside Markdown: as prose or as code, it stays text wherever Markdown or HTML is rendered. */
import { visible } from './visible.ts';

/** How much of one text a summary shows. */
const TEXT_LIMIT = 600;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
// A full stop inside a word might be that of a name that renderers make a link of.
const meaningful = /[!#$&*+/:<=>@[\\\]^_`{|}~]|^[-.\d)]|\.(?=\S)/g;

/** Text as prose: every character that Markdown could read something into is escaped. */
export function prose(text: string): string {
  return visible(text, TEXT_LIMIT)
    .trim()
    .replace(meaningful, (character) => {
      if (/\d/.test(character)) return `&#${character.charCodeAt(0)};`;
      return entities[character] ?? `\\${character}`;
    });
}

/** Text as code, where neither links nor mentions are made of it: the fence is longer than any inside. */
export function code(text: string): string {
  const shown = visible(text, TEXT_LIMIT).trim();
  if (shown === '') return '(empty)';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${shown}${gap}${fence}`;
}

/** Text as code in a table, where renderers do not agree on how a bar behind a backslash is read. */
export function codeInTable(text: string): string {
  return code(visible(text, TEXT_LIMIT).replaceAll('|', '\\u{007c}'));
}

/** A table; its cells are Markdown already. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}
