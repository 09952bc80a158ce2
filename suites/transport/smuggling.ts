/**
 * SMTP smuggling (CVE-2023-51765): an end of data that is none ends the message, and what somebody else wrote into its
 * text becomes commands of the client who may relay. The sequences are those of the published scanners (The-Login,
 * smtpsmug, smuggling-lab).
 */
import type { Attempt, PopStep } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene, SmtpStep } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

type Sequence = { id: string; octets: string; noControl?: string };

const noBareCr = 'sendmail takes no bare CR for the end of a line, whatever its options say';
const noNul = 'sendmail takes no line with a NUL for the final dot, whatever its options say';

const sequences: readonly Sequence[] = [
  { id: 'lf-dot-lf', octets: '\n.\n' },
  { id: 'lf-dot-crlf', octets: '\n.\r\n' },
  { id: 'crlf-dot-lf', octets: '\r\n.\n' },
  { id: 'crcrlf-dot-crlf', octets: '\r\r\n.\r\n' },
  { id: 'cr-dot-cr', octets: '\r.\r', noControl: noBareCr },
  { id: 'cr-dot-lf', octets: '\r.\n', noControl: noBareCr },
  { id: 'cr-dot-crlf', octets: '\r.\r\n', noControl: noBareCr },
  { id: 'lf-dot-cr', octets: '\n.\r', noControl: noBareCr },
  { id: 'crlf-dot-cr', octets: '\r\n.\r', noControl: noBareCr },
  { id: 'crlf-dot-crcrlf', octets: '\r\n.\r\r\n', noControl: noBareCr },
  { id: 'crcrlf-dot-crcrlf', octets: '\r\r\n.\r\r\n', noControl: noBareCr },
  { id: 'crlf-nul-dot-crlf', octets: '\r\n\0.\r\n', noControl: noNul },
  { id: 'crlf-dot-nul-crlf', octets: '\r\n.\0\r\n', noControl: noNul },
  { id: 'lf-dot-nul-crlf', octets: '\n.\0\r\n', noControl: noNul },
];

/** What somebody has written to a user of ours, who sends it on: the sequence, and an envelope behind it. */
const beginningOf = (octets: string, from: string, to: string): string =>
  [`{message}a line of the text${octets}MAIL FROM:${from}`, `RCPT TO:${to}`, 'DATA', ''].join('\r\n');

const endFrom = (from: string): string =>
  [`From: ${from}`, 'Subject: smuggled {u}', '', 'Nobody has sent this. {u}', '.', ''].join('\r\n');

const textWith = (octets: string, from: string, to: string): string => beginningOf(octets, from, to) + endFrom(from);

const words = (id: string) =>
  id.replaceAll('-', ' ').replace(/\b(cr|lf|crlf|crcrlf|nul)\b/g, (name) => name.toUpperCase());

const blocked = {
  requirement: 'A server MUST NOT take anything but CRLF, a dot and CRLF for the end of a message.',
  clauses: [clauses.lineEnds, clauses.endOfData],
  level: 'must',
  expected: 'block',
  refusedIn: ['rcpt', 'end-of-data'],
  // "554 5.6.1 NUL byte not allowed".
  rejectedWith: ['5.6.1'],
  // "421 4.5.0 Bare linefeed (LF) not allowed", and the session ends.
  deferredWith: [421],
  remedy:
    'Take the letters O, U, G and F out of Srv_Features in the access map (or the srv_features rules): they switch off ' +
    'what sendmail 8.18 checks. To let old senders in, u2 and g2 replace the octets and leave no gap.',
  aliases: ['smuggling'],
} as const satisfies Partial<Draft>;

const login: PopStep = { do: 'login', with: 'right-password', from: 'same' };

const base: Pick<Scene, 'family' | 'port' | 'tls' | 'destination' | 'rcptTo'> = {
  family: 'ipv4',
  port: 25,
  tls: false,
  destination: 'sink',
  rcptTo: '<{u}@{E}>',
};

const envelope: readonly [string, string] = ['<{u}@{S}>', '<{u}@{E}>'];

const session = (data: Omit<Extract<SmtpStep, { do: 'data' }>, 'do'>, ...before: SmtpStep[]): SmtpStep[] => [
  { do: 'greet' },
  ...before,
  { do: 'mail' },
  { do: 'rcpt', to: '<{account}@{L}>' },
  { do: 'data', ...data },
];

const whole = (octets: string) => ({ content: textWith(octets, ...envelope) });

/** Cut behind DATA: a server that wants nothing to come along with it sees no more than a client that waits for 354. */
const inTwo = (octets: string) => ({ content: beginningOf(octets, ...envelope), rest: endFrom(envelope[0]) });

/** Clients that may relay, and so what they carry in. */
const carriers = [
  {
    suffix: '',
    who: 'an authenticated user',
    applies: { modes: ['smtp-auth', 'both'], offered: 'CRAM-MD5' },
    scene: (data: Parameters<typeof session>[0]): Scene => ({
      ...base,
      mailFrom: '<{account}@{L}>',
      session: session(data, { do: 'auth', mechanism: 'CRAM-MD5', with: 'right-password' }),
    }),
  },
  {
    suffix: '-after-pop-login',
    who: 'a user who has logged in over POP',
    applies: { modes: ['pop-before-smtp', 'both'] },
    scene: (data: Parameters<typeof session>[0]): Scene => ({
      ...base,
      pop: [login],
      mailFrom: '<{account}@{L}>',
      session: session(data),
    }),
  },
] as const;

const relayed = carriers.flatMap(({ suffix, who, applies, scene }) =>
  sequences.map(
    ({ id, octets, noControl }): Draft => ({
      ...blocked,
      effect: 'leak',
      id: `transport/smuggled-${id}${suffix}`,
      title: `${who} sends on a text with ${words(id)} and an envelope to outside in it`,
      applies,
      ...(noControl === undefined ? {} : { noControl }),
      scene: scene(whole(octets)),
    }),
  ),
);

const cutInTwo = carriers.flatMap(({ suffix, who, applies, scene }) =>
  sequences
    .filter(({ noControl }) => noControl === undefined)
    .map(
      ({ id, octets }): Draft => ({
        ...blocked,
        effect: 'leak',
        id: `transport/smuggled-${id}-in-two-packets${suffix}`,
        title: `${who} sends on a text with ${words(id)} and an envelope to outside in it, which the network cuts in two`,
        applies,
        scene: scene(inTwo(octets)),
      }),
    ),
);

/**
 * A stranger’s text with a second envelope: to an address of ours whose mail can be seen, because it leads outside. It
 * would come in with a sender that the server of the first message has not vouched for.
 */
const inbound = sequences
  .filter(({ noControl }) => noControl === undefined)
  .map(
    ({ id, octets }): Draft => ({
      ...blocked,
      effect: 'weak',
      id: `transport/smuggled-${id}-inbound`,
      title: `a stranger sends a text with ${words(id)} and an envelope from one of our users in it`,
      applies: { needs: 'outside-alias' },
      scene: {
        ...base,
        mailFrom: '<{u}@{S}>',
        session: [
          { do: 'greet' },
          { do: 'mail' },
          { do: 'rcpt', to: '<{account}@{L}>' },
          { do: 'data', content: textWith(octets, '<{other}@{L}>', '<{alias}>') },
        ],
      },
    }),
  );

export const smuggling: readonly Draft[] = [...relayed, ...cutInTwo, ...inbound];
