/** Octets, lengths and line ends that a parser may stumble over. */
import type { SmtpStep } from '../scene.ts';
import type { Variation } from './variation.ts';

const greet = { do: 'greet' } as const;
const mail = { do: 'mail' } as const;
const data = { do: 'data' } as const;

const to = (recipient: string): SmtpStep[] => [greet, mail, { do: 'rcpt', to: recipient }, data];

/** RCPT as octets; its reply has no consequence, but DATA finds no recipient where it was refused. */
const toOctets = (octets: string): SmtpStep[] => [
  greet,
  mail,
  { do: 'write', octets: `RCPT TO:${octets}\r\n`, replies: 1 },
  data,
];

const withoutRecipient = {
  refusedIn: ['mail', 'rcpt', 'data'],
  // 503 "Need RCPT (recipient)".
  rejectedWith: ['5.0.0'],
} as const;

const long = (octets: number) => 'x'.repeat(octets);

const tooLong = 'sendmail rejects an address of more than 255 octets, whatever its rules say';

const notCutOff = 'sendmail rejects a command that a NUL cuts off, whatever its rules say';

export const oddOctets: readonly Variation[] = [
  {
    key: 'lower-case',
    words: 'commands in lower case',
    session: [greet, { ...mail, verb: 'mail from:' }, { do: 'rcpt', verb: 'rcpt to:' }, data],
  },
  {
    key: 'spaces-in-commands',
    words: 'spaces where a command has none',
    session: [greet, { ...mail, verb: 'MAIL  FROM: ' }, { do: 'rcpt', verb: 'RCPT  TO: ' }, data],
  },
  {
    key: 'nul-in-local-part',
    words: 'a NUL in the local part',
    session: to('<{u}\0@{E}>'),
    rejectedWith: ['5.0.0'],
    noControl: notCutOff,
  },
  {
    key: 'nul-before-domain',
    words: 'a NUL between an outside and a local domain',
    session: to('<{u}@{E}\0@{L}>'),
    rejectedWith: ['5.0.0'],
    noControl: notCutOff,
  },
  {
    ...withoutRecipient,
    key: 'eighth-bit-in-local-part',
    words: 'an octet above 127 in the local part',
    session: toOctets('<{u}\xe9@{E}>'),
  },
  {
    ...withoutRecipient,
    key: 'eighth-bit-at',
    words: 'an @ with its highest bit set',
    session: toOctets('<{u}\xc0{E}>'),
  },
  {
    ...withoutRecipient,
    key: 'eighth-bit-percent',
    words: 'a percent sign with its highest bit set',
    session: toOctets('<{u}\xa5{E}@{H}>'),
  },
  { key: 'long-local-part', words: 'a local part of 200 octets', session: to(`<{u}${long(182)}@{E}>`) },
  {
    key: 'overlong-local-part',
    words: 'a local part of 300 octets',
    session: to(`<{u}${long(282)}@{E}>`),
    rejectedWith: ['5.1.0'],
    noControl: tooLong,
  },
  {
    key: 'overlong-route',
    words: 'a source route of 1,500 octets',
    session: to(`<${'@{H},'.repeat(70)}@{H}:{u}@{E}>`),
    noControl: tooLong,
  },
  {
    key: 'long-percent-chain',
    words: 'a chain of eight percent hacks',
    session: to(`<{u}%{E}${'%{H}'.repeat(7)}@{L}>`),
  },
  {
    key: 'overlong-percent-chain',
    words: 'a chain of forty percent hacks',
    session: to(`<{u}%{E}${'%{H}'.repeat(39)}@{L}>`),
    rejectedWith: ['5.1.0'],
    noControl: tooLong,
  },
  {
    key: 'overlong-line',
    words: 'a command line of 5,000 octets',
    session: [greet, mail, { do: 'rcpt', parameters: `X=${long(4900)}` }, data],
    deferredWith: [421],
    noControl: 'sendmail ends the session at a command of more than 2,048 octets, whatever its rules say',
  },
  {
    ...withoutRecipient,
    key: 'bare-line-feeds',
    words: 'commands that end with a bare line feed',
    session: [greet, { do: 'write', octets: 'MAIL FROM:<{u}@{S}>\nRCPT TO:<{u}@{E}>\n', replies: 2 }, data],
  },
  {
    key: 'bare-line-feed-in-recipient',
    words: 'a second RCPT behind a local one and a bare line feed',
    session: [greet, mail, { do: 'write', octets: 'RCPT TO:<{account}@{L}>\nRCPT TO:<{u}@{E}>\r\n', replies: 2 }, data],
  },
  {
    ...withoutRecipient,
    key: 'bare-carriage-return',
    words: 'a second RCPT behind a local one and a bare carriage return',
    noControl: 'sendmail takes what follows for a parameter, and rejects it in every configuration',
    session: [greet, mail, { do: 'write', octets: 'RCPT TO:<{account}@{L}>\rRCPT TO:<{u}@{E}>\r\n', replies: 1 }, data],
  },
  {
    ...withoutRecipient,
    key: 'octet-by-octet',
    words: 'an envelope that comes octet by octet',
    session: [greet, { do: 'trickle', octets: 'MAIL FROM:<{u}@{S}>\r\nRCPT TO:<{u}@{E}>\r\n', replies: 2 }, data],
  },
];
