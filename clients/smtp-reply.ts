/** One reply of an SMTP server, of one or more lines (RFC 5321 section 4.2). */
export type SmtpReply = {
  code: number;
  /** The enhanced status code of its first line, for example `5.7.1` (RFC 2034). */
  enhanced?: string;
  /** The text of each line after the code, enhanced status included; secrets that the server repeated are masked. */
  lines: string[];
  /** Code and text in one line, fit for a reason: `550 5.7.1 Relaying denied`. */
  text: string;
};

/** One line of a reply: `last` is false where more follow. */
export type SmtpReplyLine = { code: number; last: boolean; text: string };

const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/;

/** Reads one line; undefined if it is not one. A bare code is allowed, since servers in use omit the text (RFC 5321 section 4.2). */
export function parseReplyLine(line: string): SmtpReplyLine | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  return { code: Number(match[1]), last: match[2] !== '-', text: match[3] ?? '' };
}

/** Puts the lines of one reply together. */
export function joinReply(code: number, lines: string[]): SmtpReply {
  const enhanced = ENHANCED.exec(lines[0] ?? '')?.[1];
  return {
    code,
    ...(enhanced === undefined ? {} : { enhanced }),
    lines,
    text: [String(code), ...lines].filter((part) => part !== '').join(' '),
  };
}

/** The extensions that a reply to EHLO lists: upper-case keyword to parameters (RFC 5321 section 4.1.1.1). */
export function parseExtensions(reply: SmtpReply): Map<string, string> {
  const extensions = new Map<string, string>();
  for (const line of reply.lines.slice(1)) {
    // `AUTH=LOGIN` is the form that clients of the last century look for; it is a keyword of its own.
    const match = /^(AUTH=|[^\s=]+)\s*(.*)$/is.exec(line.trim());
    if (match === null) continue;
    const keyword = (match[1] ?? '').toUpperCase();
    const parameters = [extensions.get(keyword) ?? '', match[2] ?? ''].filter((part) => part !== '').join(' ');
    extensions.set(keyword, parameters);
  }
  return extensions;
}

/** A message as DATA wants it: CRLF line ends, leading dots doubled, a CRLF at the end (RFC 5321 sections 2.3.8 and 4.5.2). */
export function toDataLines(message: string): string[] {
  const lines = message.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.startsWith('.') ? `.${line}` : line));
}
