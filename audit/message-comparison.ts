/** Whether a message came out of a mailbox as it went in: what delivery may add is added, and nothing else differs. */

/** Octets as latin1 text, so that one character is one octet. */
type Octets = string;

function parted(message: Octets): { fields: string[]; body: string[] } {
  const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(message) ?? [undefined, message];
  const fields = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return { fields, body: body.split('\r\n') };
}

/** Lines without the empty ones at the end: mbox, where one of them parts messages, keeps no count of them (RFC 4155). */
function withoutEmptyEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1);
}

/** In a mailbox of messages that begin with "From ", such a line of the body gets a ">" (RFC 4155). */
const isSame = (sent: string, received: string) =>
  sent === received || (/^>*From /.test(sent) && received === `>${sent}`);

const shown = (line: string | undefined) =>
  line === undefined ? 'nothing' : JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);

/** The first difference in words; undefined if the message is whole. */
export function damageDone(sent: Octets, received: Octets): string | undefined {
  const before = parted(sent);
  const after = parted(received);
  const lost = before.fields.find((field) => !after.fields.includes(field));
  if (lost !== undefined) {
    return `the header field ${shown(lost)} has changed or is gone`;
  }
  const sentBody = withoutEmptyEnd(before.body);
  const body = withoutEmptyEnd(after.body);
  const at = sentBody.findIndex((line, number) => !isSame(line, body[number] ?? '\0'));
  if (at >= 0) {
    return `line ${at + 1} of the body was ${shown(sentBody[at])} and is ${shown(body[at])}`;
  }
  return body.length > sentBody.length ? `the body goes on with ${shown(body[sentBody.length])}` : undefined;
}
