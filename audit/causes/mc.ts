/** Statements of a sendmail.mc, and settings wherever a folder has them. */
import type { Cause } from '../../reports/model.ts';
import { type Files, linesOf, type SourceLine } from '../sweep/sources.ts';

/** Lines of sendmail.mc that belong together: one macro call may go over several. */
export type Statement = SourceLine & { lines: number };

const depth = (text: string) => [...text].reduce((sum, sign) => sum + (sign === '`' ? 1 : sign === "'" ? -1 : 0), 0);

/** A call that is longer than that was never closed. */
const MOST_LINES = 12;

/** Everything in sendmail.mc that is neither empty nor a comment. */
export function statementsOf(files: Files): Statement[] {
  const lines = linesOf(files, 'sendmail.mc');
  const statements: Statement[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (!line || /^\s*(#|dnl\b|$)/.test(line.text)) {
      continue;
    }
    let length = 1;
    let open = depth(line.text.replace(/\bdnl\b.*/, ''));
    while (open > 0 && length < MOST_LINES && at + length < lines.length) {
      open += depth((lines[at + length]?.text ?? '').replace(/\bdnl\b.*/, ''));
      length++;
    }
    statements.push({ ...line, lines: open > 0 ? 1 : length });
    at += open > 0 ? 0 : length - 1;
  }
  return statements;
}

/** A line without what only m4 wants. */
export const shortened = (text: string) =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?\bdnl$/, '');

const kindOf = (text: string): Cause['how'] => {
  if (/^\s*FEATURE\(/.test(text)) {
    return 'feature';
  }
  return /^\s*(define|DAEMON_OPTIONS|O )/.test(text) ? 'option' : /^\s*R/.test(text) ? 'rule' : 'macro';
};

/** A line as a cause. */
export const causeAt = (line: SourceLine, certainty: Cause['certainty'], how = kindOf(line.text)): Cause => ({
  file: line.file,
  line: line.line,
  text: shortened(line.text),
  how,
  certainty,
});

/** Where a new line belongs in sendmail.mc: before the mailers. */
export function missing(files: Files, text: string): Cause {
  const file = files.has('sendmail.mc') ? 'sendmail.mc' : 'sendmail.cf';
  const lines = linesOf(files, file);
  const place = lines.find((line) => /^\s*MAILER\(/.test(line.text)) ?? lines.find((line) => /^O /.test(line.text));
  return { file, line: place?.line ?? 1, text, how: 'option', certainty: 'search', absent: true };
}

/** The last statement that matches: sendmail.mc's, else the same option of sendmail.cf. */
export function statement(files: Files, pattern: RegExp, inCf?: RegExp): Cause | undefined {
  const found = files.has('sendmail.mc')
    ? statementsOf(files).findLast(({ text }) => pattern.test(text))
    : inCf && linesOf(files, 'sendmail.cf').findLast(({ text }) => inCf.test(text));
  return found && causeAt(found, 'search', found.file === 'sendmail.cf' ? 'option' : undefined);
}

/** A define of sendmail.mc by its name, or the option of sendmail.cf that it sets. */
export const define = (files: Files, name: string, option: string): Cause | undefined =>
  statement(files, new RegExp(`^\\s*define\\(\\s*\`?${name}\\b`), new RegExp(`^O ${option}=`));

/** The daemon that listens on a port. */
export function daemon(files: Files, port: number): Cause | undefined {
  const named = port === 587 ? '(?:submission|587|msa)' : '(?:smtp|25|mta)';
  const onPort = `[Pp](?:ort)?=${named}\\b`;
  return (
    statement(files, new RegExp(`^\\s*DAEMON_OPTIONS\\(.*${onPort}`), new RegExp(`^O DaemonPortOptions=.*${onPort}`)) ??
    statement(files, /^\s*DAEMON_OPTIONS\(/, /^O DaemonPortOptions=/)
  );
}

/** The last line of a file that matches; a comment never does. */
export function lineOf(files: Files, file: string, pattern: RegExp, how: Cause['how']): Cause | undefined {
  const found = linesOf(files, file).findLast(({ text }) => !/^\s*#/.test(text) && pattern.test(text));
  return found && causeAt(found, 'search', how);
}
