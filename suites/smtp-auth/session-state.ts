/** What becomes of an authentication, or of a failed one, in the course of a session and beyond it. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { SmtpStep } from '../scene.ts';
import {
  block,
  type Draft,
  deliver,
  envelope,
  inClear,
  localSender,
  message,
  modesWithAuth,
  overTls,
  reply,
  right,
  say,
  stockSendmail,
  strangerScene,
  userScene,
  wrong,
} from './forms.ts';

const rightPlain: SmtpStep = { do: 'auth', ...right('PLAIN') };
const wrongPlain: SmtpStep = { do: 'auth', ...wrong('PLAIN') };
const rightScram: SmtpStep = { do: 'auth', ...right('SCRAM-SHA-256') };
const wrongScram: SmtpStep = { do: 'auth', ...wrong('SCRAM-SHA-256') };

const lasts = {
  ...deliver,
  requirement: 'An authentication MUST last until the end of the session.',
  clauses: [clauses.authRelay, clauses.authOnce],
  applies: { modes: modesWithAuth, offered: 'PLAIN' },
  remedy: 'Look for a rule in Local_check_mail or Local_check_rcpt that asks for more than $&{auth_type}.',
} as const satisfies Partial<Attempt>;

const between: Draft[] = (
  [
    { name: 'rset', words: 'RSET', steps: say('RSET') },
    { name: 'second-ehlo', words: 'a second EHLO', steps: [{ do: 'greet' }] },
    { name: 'helo', words: 'a HELO', steps: [{ do: 'greet', with: 'HELO' }] },
    { name: 'given-up-transaction', words: 'a transaction that was given up', steps: [...envelope, ...say('RSET')] },
  ] as { name: string; words: string; steps: SmtpStep[] }[]
).map(({ name, words, steps }) => ({
  ...lasts,
  id: `smtp-auth/authenticated-then-${name}`,
  title: `a user’s message to outside after AUTH and ${words}`,
  scene: userScene({ session: [...overTls, rightPlain, ...steps, ...message] }),
}));

const oneAfterAnother: Draft[] = [
  {
    ...lasts,
    id: 'smtp-auth/right-password-after-wrong',
    title: 'a wrong password, a recipient outside that is refused, then the right password in the same session',
    requirement: 'A client whose AUTH has failed MUST be able to authenticate in the same session.',
    clauses: [clauses.authFailure],
    scene: userScene({
      session: [
        ...overTls,
        wrongPlain,
        ...say('MAIL FROM:<{account}@{L}>', 'RCPT TO:<{u}@{E}>', 'RSET'),
        rightPlain,
        ...message,
      ],
    }),
  },
  {
    ...lasts,
    level: 'should',
    id: 'smtp-auth/pipelined',
    title: 'AUTH PLAIN, MAIL, RCPT and DATA in one packet',
    requirement: 'A server SHOULD take AUTH with its initial response in front of other commands in one packet.',
    clauses: [clauses.authMechanisms, clauses.pipelining],
    remedy: 'Nothing in the configuration forbids it, unless it turns PIPELINING off: see the replies.',
    scene: userScene({ session: [...overTls, { do: 'pipelined-envelope', auth: 'right-password' }] }),
  },
];

const proof = { ...block, clauses: [clauses.authFailure, clauses.noOpenRelay], applies: { offered: 'PLAIN' } } as const;
const noRule = 'Look for a rule that relays without asking $&{auth_type}, or for what else lets this client relay.';

const notKept: Draft[] = [
  ...(
    [
      { name: 'rset', words: 'RSET', steps: say('RSET') },
      { name: 'second-ehlo', words: 'a second EHLO', steps: [{ do: 'greet' }] },
    ] as { name: string; words: string; steps: SmtpStep[] }[]
  ).map(
    ({ name, words, steps }): Draft => ({
      ...proof,
      id: `smtp-auth/wrong-password-then-${name}`,
      title: `a message to outside after a wrong password and ${words}`,
      requirement: 'A failed AUTH MUST leave nothing behind that a later command could make a right of.',
      remedy: noRule,
      ofProduct: true,
      scene: strangerScene({ session: [...overTls, wrongPlain, ...steps, ...message] }),
    }),
  ),
  {
    ...proof,
    id: 'smtp-auth/wrong-password-pipelined',
    title: 'AUTH PLAIN with a wrong password, MAIL, RCPT and DATA in one packet',
    requirement: 'A server MUST refuse to relay for commands that came in one packet with an AUTH that fails.',
    clauses: [clauses.authFailure, clauses.pipelining],
    remedy: noRule,
    scene: strangerScene({ session: [...overTls, { do: 'pipelined-envelope', auth: 'wrong-password' }] }),
  },
  {
    ...proof,
    id: 'smtp-auth/next-session-of-the-address',
    title: 'a message to outside without AUTH, from the address that has just authenticated in another session',
    requirement: 'An authentication MUST count for its session alone, and not for the address that it came from.',
    clauses: [clauses.authOnce, clauses.noOpenRelay],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy: 'Let nothing that reads the log take a line with AUTH=server for a POP login: its pattern is too wide.',
    scene: strangerScene({
      session: [...overTls, rightPlain, ...envelope, { do: 'reconnect' }, ...overTls, ...message],
    }),
  },
  {
    ...proof,
    id: 'smtp-auth/auth-inside-a-transaction',
    title: 'MAIL, then AUTH with the right password, then a recipient outside',
    requirement: 'A server MUST refuse AUTH inside a mail transaction, so that nobody’s transaction becomes a user’s.',
    clauses: [clauses.authOnce],
    remedy: 'Update sendmail: it refuses AUTH between MAIL and the end of the message.',
    scene: strangerScene({ session: [...overTls, { do: 'mail' }, rightPlain, ...message.slice(1)] }),
  },
  {
    ...proof,
    id: 'smtp-auth/wrong-password-before-greeting',
    title: 'AUTH with a wrong password before EHLO, then a message to outside',
    requirement: 'A failed AUTH MUST be no right, before EHLO as after it.',
    applies: { offered: 'SCRAM-SHA-256' },
    remedy: noRule,
    ofProduct: true,
    scene: strangerScene({ tls: false, session: [wrongScram, ...inClear, ...message] }),
  },
];

const acrossStartTls: Draft[] = [
  {
    ...proof,
    id: 'smtp-auth/wrong-password-before-starttls',
    title: 'AUTH with a wrong password in clear, STARTTLS, then a message to outside',
    requirement: 'A failed AUTH MUST be no right after STARTTLS either.',
    applies: { offered: 'SCRAM-SHA-256', needs: 'tls' },
    remedy: noRule,
    scene: strangerScene({ tls: false, session: [...inClear, wrongScram, ...overTls.slice(1), ...message] }),
  },
  {
    ...block,
    level: 'info',
    effect: 'weak',
    id: 'smtp-auth/authenticated-before-starttls',
    title: 'AUTH with the right password in clear, STARTTLS, then a message to outside without another AUTH',
    requirement: 'After STARTTLS a server SHOULD know nothing of what the client has shown before.',
    clauses: [clauses.tlsForgets],
    applies: { modes: modesWithAuth, offered: 'SCRAM-SHA-256', needs: 'tls' },
    noControl: stockSendmail,
    remedy:
      'Nothing in the configuration decides it: sendmail keeps an authentication across STARTTLS. To offer no mechanism ' +
      'in clear keeps the question from coming up, and locks out programs without TLS.',
    scene: strangerScene({ tls: false, session: [...inClear, rightScram, ...overTls.slice(1), ...message] }),
  },
  {
    ...reply,
    level: 'must',
    id: 'smtp-auth/starttls-not-offered-again',
    title: 'EHLO inside TLS lists no STARTTLS',
    requirement: 'A server MUST NOT offer STARTTLS inside TLS.',
    clauses: [clauses.tlsForgets],
    applies: { needs: 'tls' },
    refusedIn: ['command'],
    remedy: 'Nothing in the configuration decides it: update sendmail.',
    noControl: 'sendmail never offers STARTTLS inside TLS, and no option makes it',
    scene: strangerScene({ session: [...overTls, { do: 'offers', keyword: 'STARTTLS' }] }),
  },
  {
    ...reply,
    level: 'must',
    id: 'smtp-auth/starttls-injection',
    title: 'MAIL and RCPT in clear in one packet with STARTTLS, and a recipient after the handshake',
    requirement: 'A server MUST NOT run inside TLS what it was sent in clear behind STARTTLS.',
    clauses: [clauses.tlsInjection, clauses.tlsForgets],
    applies: { needs: 'tls' },
    answer: { codes: [503] },
    remedy:
      'Update sendmail, or the proxy in front of it that does the TLS: what was in the buffer has to be thrown away.',
    noControl: 'sendmail throws away what came in clear, and no option makes it keep it',
    scene: strangerScene({
      tls: false,
      mailFrom: localSender,
      session: [
        { do: 'greet' },
        { do: 'starttls', along: ['MAIL FROM:<{u}@{S}>', 'RCPT TO:<{u}@{E}>'] },
        { do: 'ask', line: 'RCPT TO:<{account}@{L}>' },
      ],
    }),
  },
];

export const sessionStates: Draft[] = [...between, ...oneAfterAnother, ...notKept, ...acrossStartTls];
