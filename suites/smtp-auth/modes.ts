/** Where there is AUTH, and where there must be none. */
import { clauses } from '../clauses.ts';
import { block, type Draft, inClear, overTls, reply, right, strangerScene } from './forms.ts';

const outsideTheMode = {
  requirement: 'A configuration that is not meant for SMTP-AUTH MUST NOT relay for it.',
  clauses: [clauses.restrictRelay],
  applies: { modes: ['pop-before-smtp', 'none'] },
  remedy:
    'Remove TRUST_AUTH_MECH and give the daemons M=A (DAEMON_OPTIONS), or declare the mode "both". ' +
    'Users who authenticate today can then send no more: see "AUTH=server" in the log.',
} as const satisfies Partial<Draft>;

const popAlone: Draft[] = [
  {
    ...block,
    ...outsideTheMode,
    id: 'smtp-auth/login-outside-the-mode',
    title: 'right user and password over STARTTLS where the mode has no SMTP-AUTH, then a message to outside',
    scene: strangerScene({ auth: right('PLAIN') }),
  },
  {
    ...block,
    ...outsideTheMode,
    id: 'smtp-auth/login-outside-the-mode-submission',
    title: 'right user and password on port 587 where the mode has no SMTP-AUTH, then a message to outside',
    scene: strangerScene({ port: 587, auth: right('PLAIN') }),
  },
  {
    ...block,
    ...outsideTheMode,
    id: 'smtp-auth/login-outside-the-mode-by-login',
    title: 'right user and password with LOGIN where the mode has no SMTP-AUTH, then a message to outside',
    scene: strangerScene({ auth: right('LOGIN') }),
  },
  {
    ...block,
    ...outsideTheMode,
    id: 'smtp-auth/login-outside-the-mode-by-cram-md5',
    title: 'right user and password with CRAM-MD5 where the mode has no SMTP-AUTH, then a message to outside',
    scene: strangerScene({ tls: false, auth: right('CRAM-MD5') }),
  },
  ...[
    { suffix: '-starttls', tls: true, session: overTls, how: 'over STARTTLS' },
    { suffix: '-clear', tls: false, session: inClear, how: 'in clear' },
  ].map(
    ({ suffix, tls, session, how }): Draft => ({
      ...reply,
      ...outsideTheMode,
      level: 'should',
      id: `smtp-auth/not-offered-outside-the-mode${suffix}`,
      title: `EHLO ${how} lists no AUTH where the mode has no SMTP-AUTH`,
      requirement: 'A configuration meant for POP before SMTP alone SHOULD NOT offer AUTH, which programs would try.',
      refusedIn: ['command'],
      scene: strangerScene({ tls, session: [...session, { do: 'offers', keyword: 'AUTH' }] }),
    }),
  ),
];

/** What may be offered in clear; whether it is taken there is asked in the suite on transport. */
const offeredInClear: Draft[] = (['PLAIN', 'LOGIN'] as const).map((mechanism) => ({
  ...reply,
  level: 'should',
  id: `smtp-auth/${mechanism.toLowerCase()}-not-listed-in-clear`,
  title: `EHLO in clear does not list ${mechanism}`,
  requirement: `A server SHOULD NOT offer ${mechanism} before TLS, which makes programs send the password in clear.`,
  clauses: [clauses.authReplies, clauses.plaintextAuth],
  applies: { modes: ['smtp-auth', 'both'] },
  refusedIn: ['command'],
  remedy: 'Put "p" into confAUTH_OPTIONS, and see that STARTTLS works, or users of PLAIN and LOGIN are locked out.',
  scene: strangerScene({ tls: false, session: [...inClear, { do: 'offers', keyword: 'AUTH', parameter: mechanism }] }),
}));

const submission: Draft = {
  ...block,
  id: 'smtp-auth/submission-unauthenticated',
  title: 'a stranger’s message to a local user on port 587',
  requirement:
    'A submission server MUST refuse MAIL from a client that is not authenticated, even for a local recipient.',
  clauses: [clauses.submissionAuth],
  effect: 'weak',
  applies: { modes: ['smtp-auth'] },
  refusedIn: ['mail'],
  remedy:
    'Give the submission daemon M=a: DAEMON_OPTIONS(`Name=MSA, Port=submission, M=Ea’). Programs without a password ' +
    'can then use that port no more, not even for local mail.',
  scene: strangerScene({ port: 587, tls: false, rcptTo: '<{account}@{L}>', destination: 'mailbox' }),
};

const submissionAfterFailure: Draft = {
  ...submission,
  id: 'smtp-auth/submission-wrong-password',
  title: 'a message to a local user on port 587 after a wrong password',
  requirement: 'A submission server MUST refuse MAIL after an AUTH that failed, even for a local recipient.',
  clauses: [clauses.submissionAuth, clauses.authFailure],
  scene: strangerScene({
    port: 587,
    auth: { mechanism: 'PLAIN', with: 'wrong-password' },
    rcptTo: '<{account}@{L}>',
    destination: 'mailbox',
  }),
};

export const modeAttempts: Draft[] = [...popAlone, ...offeredInClear, submission, submissionAfterFailure];
