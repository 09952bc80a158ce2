/** Reads what the report says of a message out of its header. */

const MAX_RECEIVED = 30;

function unfoldedHeaders(message: string): string[] {
  const end = message.search(/\r?\n\r?\n/);
  return (end < 0 ? message : message.slice(0, end)).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
}

/** Describes a message in the words of the report. */
export function describeMessage(message: string): { received: string[]; subject: string } {
  const headers = unfoldedHeaders(message);
  const field = (name: string) =>
    headers
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return { received: field('received').slice(0, MAX_RECEIVED), subject: field('subject')[0] ?? '' };
}
