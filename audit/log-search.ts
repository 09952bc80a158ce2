/** Finds the log lines of one attempt: by its client addresses and its queue ids. */
import { isIPv6 } from 'node:net';
import { groupsOf } from '../containers/lab/agent/zone.ts';
import type { TargetLog } from '../containers/target/target-log.ts';
import type { LogLine } from '../reports/model.ts';

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The ways in which sendmail (uncompressed) and Dovecot (RFC 5952) write an address. */
export function spellings(address: string): string[] {
  if (!isIPv6(address)) {
    return [address];
  }
  const compressed = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return [...new Set([groupsOf(address).join(':'), compressed])];
}

/** Matches text that names the address, and not merely a longer one that begins or ends with it. */
export function namesAddress(address: string): (text: string) => boolean {
  const pattern = new RegExp(
    `(?<![0-9a-fA-F.])(?:${spellings(address).map(literal).join('|')})(?![0-9a-fA-F:]|\\.\\d)`,
    'i',
  );
  return (text) => pattern.test(text);
}

/** Lines that name one of the addresses or queue ids. */
export function linesOf(log: TargetLog, addresses: readonly string[], queueIds: readonly string[]): LogLine[] {
  return log.naming([...addresses.flatMap(spellings), ...queueIds]);
}

/** The client address that sendmail logged for a session from this address. */
export function observedAddress(lines: readonly LogLine[], address: string): string | undefined {
  const spelled = spellings(address);
  for (const { text } of lines) {
    const logged = isSendmails(text) ? clientIn(text) : undefined;
    if (logged !== undefined && spelled.includes(logged.toLowerCase())) {
      return logged;
    }
  }
  return undefined;
}

/** sendmail calls itself that, or what -L names: sm-mta on Debian and FreeBSD. */
const isSendmails = (text: string) => /^(sendmail|sm-)/.test(text);

/** "connect from" is said at LogLevel 11 and more. Below it a session that was refused, or asked for nothing, is named. */
const clientIn = (text: string) =>
  (/(?:connect from|relay=)[^[]*\[(?:IPv6:)?([0-9a-fA-F.:]+)\]/.exec(text) ??
    /: \S* ?\[(?:IPv6:)?([0-9a-fA-F.:]+)\](?: \(may be forged\))? did not issue/.exec(text))?.[1];

/**
 * Queue ids under which the daemon took a message from a program of its own host: a delivery agent that forwards it, or
 * that answers it. Among the lines that name the token: the programs' mail goes through sendmail's submission program,
 * which logs "stat=Sent (ID Message accepted for delivery)", and a forwarded one keeps its Message-ID.
 */
export function takenOnAs(lines: readonly LogLine[], token: string): string[] {
  const handedOver = /\bstat=Sent \((\w{14,16}) Message accepted for delivery\)/;
  const takenOn = new RegExp(
    `^(?:sendmail|sm-)\\S*: (\\w{14,16}): from=.* msgid=\\S*${token}.* daemon=.* relay=\\S+ \\[(?:127\\.0\\.0\\.1|IPv6:(?:0:){7}1)\\]`,
  );
  return [...new Set(lines.flatMap(({ text }) => (handedOver.exec(text) ?? takenOn.exec(text))?.[1] ?? []))];
}
