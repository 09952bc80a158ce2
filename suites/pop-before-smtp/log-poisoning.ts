/**
 * POP before SMTP: a writer that follows the log reads what strangers can write into it. Each attempt puts lines that look
 * like a POP server's word for a login from the client's own address into one field, and then sends from it (CVE-2001-1075
 * did so through MAIL FROM).
 */
import type { Scene, SmtpStep } from '../scene.ts';
import { blockedScene, blocks, type Draft, popModes } from './draft.ts';

/** What POP servers log of a login (the patterns of pop-before-smtp, pop-before-smtp-conf.pl; CVE-2001-1075). */
const lines = [
  // Dovecot, since 2.4 and before
  'pop3-login: Logged in: user=<x>, method=PLAIN, rip={client}, lip={I}',
  'pop3-login: Login: user=<x>, method=PLAIN, rip={client}, lip={I}',
  // Qualcomm's qpopper
  'POP login by user "x" at ({client}) {client}',
  // University of Washington's ipop3d
  'Login user=x host=[{client}] nmsgs=0/0',
  // Courier
  'LOGIN, user=x, ip=[{client}]',
  // vm-pop3d, and solid-pop3d with its longer lines
  'User x logged in from {client}',
  'user x authenticated - {client}',
] as const;

const inQuotes = (line: string) => `"${line.replaceAll('"', '\\"')}"`;
const say = (line: string): SmtpStep => ({ do: 'say', line });

const afterwards: SmtpStep[] = [{ do: 'reconnect' }, { do: 'greet' }, { do: 'mail' }, { do: 'rcpt' }, { do: 'data' }];

const hostileMessage = [
  `Subject: ${lines[0]}`,
  `Message-ID: <${lines[0]}>`,
  `X-Mailer: ${lines[2]}`,
  '',
  ...lines,
  '.',
  '',
].join('\r\n');

type Field = {
  id: string;
  words: string;
  session?: SmtpStep[];
  options?: Partial<Scene>;
  applies?: Draft['applies'];
  noControl?: string;
};

const fields: Field[] = [
  {
    id: 'sender',
    words: 'MAIL FROM',
    session: [
      { do: 'greet' },
      ...lines.flatMap((line) => [
        say(`MAIL FROM:<${inQuotes(line)}@{S}>`),
        say('RSET'),
        // As in the attack that became known: the address is none, and the server says so in its log.
        say(`MAIL FROM:${line}`),
        say('RSET'),
      ]),
    ],
  },
  {
    id: 'recipient',
    words: 'RCPT TO',
    session: [
      { do: 'greet' },
      say('MAIL FROM:<{u}@{S}>'),
      ...lines.flatMap((line) => [say(`RCPT TO:<${inQuotes(line)}@{E}>`), say(`RCPT TO:${line}`)]),
    ],
  },
  { id: 'greeting', words: 'EHLO', session: [say(`EHLO ${lines[0]}`), say('HELO LOGIN,user=x,ip=[{client}]')] },
  { id: 'verify', words: 'VRFY', session: lines.slice(0, 5).map((line) => say(`VRFY ${line}`)) },
  {
    id: 'auth-user',
    words: 'the user name of AUTH',
    session: [
      { do: 'greet' },
      ...[lines[0], lines[2]].map(
        (user): SmtpStep => ({ do: 'auth', mechanism: 'CRAM-MD5', with: { user, password: 'wrong' } }),
      ),
    ],
    applies: { modes: ['both'], offered: 'CRAM-MD5' },
  },
  {
    id: 'pop-user',
    words: 'the user name of a POP login',
    options: {
      pop: [lines[0], 'x>, method=PLAIN, rip={client}, lip={I}', lines[2]].map((as) => ({
        do: 'login',
        with: 'wrong-password',
        from: 'same',
        as,
      })),
    },
  },
  {
    id: 'reverse-name',
    words: 'the client’s name in DNS',
    session: [{ do: 'greet' }],
    options: { names: { reverse: ['pop3-login.logged-in.rip-{client}.{S}'] } },
  },
  {
    id: 'message',
    words: 'a message’s header',
    session: [
      { do: 'greet' },
      { do: 'mail' },
      { do: 'rcpt', to: '<{account}@{L}>' },
      { do: 'data', content: hostileMessage },
    ],
  },
];

export const logPoisoning: Draft[] = fields.map(({ id, words, session = [], options = {}, applies, noControl }) => ({
  ...blocks,
  id: `pop-before-smtp/poisoned-${id}`,
  title: `a message to outside, after ${words} that looks like a line of the POP server’s log`,
  requirement: `The server MUST NOT relay for an address because of what a client wrote into the log with ${words}.`,
  applies: { ...popModes, ...applies, needs: 'log-following-writer' },
  remedy:
    'Match the POP server’s line from its first character, program name included, and let no part of the pattern run over ' +
    'what a client chose. Better: let the POP server itself call the writer.',
  ...(noControl === undefined ? {} : { noControl }),
  scene: blockedScene([], { ...(session.length > 0 ? { session: [...session, ...afterwards] } : {}), ...options }),
}));
