/** The same message arrives whole, whoever delivers it. */
import { arrives, type Draft, toAUser } from './draft.ts';

/** As long as RFC 5321 section 4.5.3.1.6 lets a line be, without its end. */
const LONGEST_LINE = 998;

const bodies: readonly [id: string, what: string, body: string, header?: string][] = [
  ['dots', 'lines that begin with dots', '.\n..\n.one\n..two\n. \nend'],
  [
    'from-lines',
    'lines that begin with "From "',
    'From here on\nFrom somebody@elsewhere Mon Jan  1 00:00:00 2026\n\nFrom x\n>From y',
  ],
  ['longest-lines', 'lines of 998 octets', `${'x'.repeat(LONGEST_LINE)}\n${'y'.repeat(LONGEST_LINE)}`],
  ['spaces', 'tabs, and spaces at the ends of lines', ' one\t\n\ttwo  \n   \nend '],
  ['empty-lines', 'many empty lines', `\n\n\none${'\n'.repeat(40)}two`],
  [
    'eighth-bit',
    'text in UTF-8',
    'Grüße aus Köln, приветствие, 日本語\nÿþ',
    'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit',
  ],
  ['equals-signs', 'what looks like an encoding', '=20=3D=\n=?utf-8?q?x?=\nbegin 644 x\nend', 'MIME-Version: 1.0'],
  ['headers-again', 'what looks like a header', 'Subject: another\nTo: nobody@hosting.example\n\nReceived: from x'],
];

const wholeRemedy =
  'Use the flags that FEATURE(`local_lmtp’) or FEATURE(`local_procmail’) gives the local mailer: L, 7 and L= cut lines ' +
  'and octets, a missing E or X spoils what begins with a dot or with "From ".';

const whole = bodies.map(
  ([id, what, body, header]): Draft => ({
    ...arrives,
    id: `delivery-agents/whole-${id}`,
    title: `a message with ${what}, compared with what is in the mailbox`,
    requirement: 'A message MUST arrive in the mailbox as it was sent.',
    remedy: wholeRemedy,
    scene: toAUser({ body, whole: true, ...(header === undefined ? {} : { header }) }),
  }),
);

const sizes: Draft[] = [
  {
    ...arrives,
    id: 'delivery-agents/whole-large',
    title: 'a message of 200 kilobytes, compared with what is in the mailbox',
    requirement: 'A message MUST arrive in the mailbox as it was sent.',
    remedy: 'Look for a limit: LOCAL_MAILER_MAX, confMAX_MESSAGE_SIZE, a quota.',
    scene: toAUser({ padding: 200_000, whole: true }),
  },
  {
    ...arrives,
    id: 'delivery-agents/whole-many-fields',
    title: 'a message with sixty header fields, compared with what is in the mailbox',
    requirement: 'A message MUST arrive in the mailbox as it was sent.',
    remedy:
      'Leave confMAX_HEADERS_LENGTH at its default, and take out header rules (H… of the .mc) that change fields.',
    scene: toAUser({
      header: Array.from({ length: 60 }, (_, field) => `X-Field-${field}: value ${field}, and some more of it`).join(
        '\n',
      ),
      whole: true,
    }),
  },
];

export const contents: readonly Draft[] = [...whole, ...sizes];
