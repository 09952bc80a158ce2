/**
 * Questions to a target's rules, as lines for `sendmail -bt` (address test mode). What each macro holds in a stranger's
 * session was read from real ones: a Local_check_rcpt that answered with all of them. ${auth_type}, ${verify} and their
 * like are empty there, as they are here.
 */
import type { Listener } from './target-facts.ts';

export type ClientResolve = 'OK' | 'FAIL' | 'FORGED' | 'TEMP';

export type Question = {
  /** As sendmail writes it: IPv6 uncompressed, here without its `IPv6:`. */
  clientAddress: string;
  clientName: string;
  clientResolve: ClientResolve;
  /** Without brackets; empty: the null sender. */
  mailFrom: string;
  /** A domain, or a local part and a domain; without brackets. */
  rcptTo: string;
};

/** Test mode takes a line for a command, and a macro's value up to its end: nothing else may come in. */
export function plain(text: string): string {
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new Error(`cannot be asked of sendmail: ${JSON.stringify(text)}`);
  }
  return text;
}

const sendmailAddress = (address: string) => (address.includes(':') ? `IPv6:${address}` : address);

/** ${daemon_flags}: flags apart, upper-case ones doubled, as M=E is EE in a session. */
export const daemonFlags = (modifiers: string): string =>
  [...modifiers.replace(/\s/g, '')].map((flag) => (/[A-Z]/.test(flag) ? flag + flag : flag)).join(' ');

/** What every session of a listener has. */
export function sessionMacros(listener: Listener | undefined): string[] {
  return [
    `.D{daemon_name}${listener?.name || 'MTA'}`,
    `.D{daemon_port}${listener?.port ?? 25}`,
    `.D{daemon_family}${listener?.family || 'inet'}`,
    `.D{daemon_flags}${daemonFlags(listener?.modifiers ?? '')}`,
    '.D{opMode}d',
    '.D{client_port}40000',
    '.D{client_connections}1',
    '.D{client_rate}1',
    '.D{mail_mailer}esmtp',
    '.D{rcpt_mailer}esmtp',
    '.D{addr_type}e r',
    '.D{nrcpts}0',
    '.D{ntries}0',
    '.DrESMTP',
    '.Dsclient.example',
  ];
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** The macros of one question. A macro of one letter has no braces. */
export function macrosOf(question: Question): Record<string, string> {
  const address = sendmailAddress(question.clientAddress);
  const resolved = question.clientResolve === 'OK' || question.clientResolve === 'FORGED';
  return {
    '{client_addr}': address,
    // Without a name, sendmail puts the address in brackets in its place.
    '{client_name}': resolved ? question.clientName : `[${address}]`,
    '{client_ptr}': resolved ? question.clientName : '',
    '{client_resolve}': question.clientResolve,
    _: `${resolved ? question.clientName : ''}[${address}]`,
    '{mail_from}': `<${question.mailFrom}>`,
    '{mail_addr}': question.mailFrom,
    '{mail_host}': question.mailFrom === '' ? '' : `${domainOf(question.mailFrom)}.`,
    f: question.mailFrom === '' ? '<>' : question.mailFrom,
    '{rcpt_host}': `${domainOf(question.rcptTo)}.`,
  };
}

/** The lines that ask. Each recipient has the question's number as its local part, by which the answer is found. */
export function scriptOf(questions: readonly Question[], listener: Listener | undefined): string[] {
  const lines = sessionMacros(listener);
  const said: Record<string, string> = {};
  for (const [number, question] of questions.entries()) {
    for (const [name, value] of Object.entries(macrosOf(question))) {
      if (said[name] !== value) {
        lines.push(`.D${name}${plain(value)}`);
        said[name] = value;
      }
    }
    const recipient = `q${number}@${plain(domainOf(question.rcptTo))}`;
    lines.push(`.D{rcpt_addr}${recipient}`, `check_rcpt <${recipient}>`);
  }
  return lines;
}
