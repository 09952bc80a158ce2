/** Small changes to a configuration's files: a control is a few lines, not a copy of a folder. */
import type { ConfigurationFile } from './configuration.ts';

export type Edit =
  /** Puts lines before the first line that begins with a text, or at the end. */
  | { file: string; insert: string; before?: string }
  /** Replaces a text that stands in the file exactly once. */
  | { file: string; replace: string; by: string }
  | { file: string; create: string };

const mark = (sign: '+' | '-', file: string, lines: string) =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${sign} ${file}: ${line}`);

function edited(content: string, edit: Edit): string {
  if ('create' in edit) {
    return edit.create;
  }
  if ('replace' in edit) {
    if (content.split(edit.replace).length !== 2) {
      throw new Error(`${edit.file} must contain exactly once: ${edit.replace}`);
    }
    return content.replace(edit.replace, () => edit.by);
  }
  const { before } = edit;
  if (before === undefined) {
    return `${content}${edit.insert}\n`;
  }
  const lines = content.split('\n');
  const at = lines.findIndex((line) => line.startsWith(before));
  if (at < 0) {
    throw new Error(`${edit.file} has no line that begins with: ${before}`);
  }
  return [...lines.slice(0, at), edit.insert, ...lines.slice(at)].join('\n');
}

/** The files after the edits, and the changed lines in words. @throws Error if an edit does not fit */
export function applyEdits(
  files: ReadonlyMap<string, ConfigurationFile>,
  edits: readonly Edit[],
): { files: Map<string, ConfigurationFile>; changes: string[] } {
  const result = new Map(files);
  const changes: string[] = [];
  for (const edit of edits) {
    const before = result.get(edit.file)?.content.toString('utf8');
    if (before === undefined && !('create' in edit)) {
      throw new Error(`there is no ${edit.file} to change`);
    }
    result.set(edit.file, { content: Buffer.from(edited(before ?? '', edit)) });
    if ('create' in edit) {
      changes.push(...mark('+', edit.file, edit.create));
    } else if ('replace' in edit) {
      changes.push(...mark('-', edit.file, edit.replace), ...mark('+', edit.file, edit.by));
    } else {
      changes.push(...mark('+', edit.file, edit.insert));
    }
  }
  return { files: result, changes };
}
