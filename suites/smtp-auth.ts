/** SMTP-AUTH: every mechanism with right and wrong credentials, in clear and over STARTTLS. */
import { type Attempt, type AuthStep, defineSuite, type Mechanism, ports } from './attempt.ts';
import { clauses } from './clauses.ts';

const mechanisms: Mechanism[] = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'];
const channels = [
  { tls: true, suffix: '-starttls', how: 'over STARTTLS' },
  { tls: false, suffix: '-clear', how: 'in clear' },
];

type Draft = Omit<Attempt, 'suite'>;

const localSender = '<{account}@{L}>';
/** What must be blocked comes from outside, so that trust in local senders is not taken for a fault of AUTH. */
const outsideSender = '<{u}@{S}>';

const scene = (
  port: 25 | 587,
  tls: boolean,
  auth: AuthStep,
  mailFrom: typeof localSender | typeof outsideSender,
): Attempt['scene'] => ({
  family: 'ipv4',
  port,
  tls,
  auth,
  mailFrom,
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
});

const everyMechanism: Draft[] = mechanisms.flatMap((mechanism) =>
  channels.flatMap(({ tls, suffix: channel, how }) =>
    ports.flatMap(({ port, suffix, where }): Draft[] => {
      const name = `${mechanism.toLowerCase()}${channel}`;
      return [
        {
          id: `smtp-auth/${name}${suffix}`,
          title: `${mechanism} with the right password ${how}, ${where}`,
          requirement:
            'A client that authenticates with a mechanism that the server offers MUST be able to send to outside.',
          clauses: [clauses.authRelay, clauses.authAdvertised],
          level: 'must',
          effect: 'lock-out',
          applies: { modes: ['smtp-auth', 'both'], offered: mechanism },
          expected: 'deliver',
          refusedIn: [],
          remedy: `List ${mechanism} in TRUST_AUTH_MECH as well as in confAUTH_MECHANISMS, separated by spaces.`,
          aliases: [],
          scene: scene(port, tls, { mechanism, with: 'right-password' }, localSender),
        },
        {
          id: `smtp-auth/${name}-wrong-password${suffix}`,
          title: `${mechanism} with a wrong password ${how}, then a message to outside, ${where}`,
          requirement:
            'After a failed AUTH the server MUST treat the session as if there had been none, and refuse to relay.',
          clauses: [clauses.authFailure, clauses.noOpenRelay],
          level: 'must',
          effect: 'leak',
          applies: { offered: mechanism },
          expected: 'block',
          refusedIn: ['mail', 'rcpt'],
          remedy: 'Check pwcheck_method in sasl/Sendmail.conf: whatever verifies passwords must refuse a wrong one.',
          aliases: [],
          scene: scene(port, tls, { mechanism, with: 'wrong-password' }, outsideSender),
        },
      ];
    }),
  ),
);

const block = {
  level: 'must',
  effect: 'leak',
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Attempt>;

const badCredentials: Draft[] = [
  {
    ...block,
    id: 'smtp-auth/plain-empty-password',
    title: 'PLAIN with an empty password over STARTTLS, then a message to outside',
    requirement: 'A server MUST refuse an empty password.',
    clauses: [clauses.plainEmptyPassword, clauses.authFailure],
    applies: { offered: 'PLAIN' },
    remedy: 'Do not verify passwords with a back end that takes an empty one (PAM nullok, unauthenticated LDAP bind).',
    scene: scene(25, true, { mechanism: 'PLAIN', with: 'empty-password' }, outsideSender),
  },
  {
    ...block,
    id: 'smtp-auth/plain-unknown-user',
    title: 'PLAIN as an unknown user over STARTTLS, then a message to outside',
    requirement: 'A server MUST refuse a user whom it does not know.',
    clauses: [clauses.authFailure],
    applies: { offered: 'PLAIN' },
    remedy: 'Check pwcheck_method in sasl/Sendmail.conf.',
    scene: scene(25, true, { mechanism: 'PLAIN', with: 'unknown-user' }, outsideSender),
  },
];

const anonymous: Draft[] = channels.map(({ tls, suffix, how }) => ({
  ...block,
  id: `smtp-auth/anonymous${suffix}`,
  title: `ANONYMOUS ${how}, then a message to outside`,
  requirement: 'A server MUST NOT relay for a client that authenticated as nobody.',
  clauses: [clauses.anonymousOff, clauses.noOpenRelay],
  applies: {},
  remedy: 'Take ANONYMOUS out of TRUST_AUTH_MECH and confAUTH_MECHANISMS, and put "y" into confAUTH_OPTIONS.',
  scene: scene(25, tls, { mechanism: 'ANONYMOUS', with: 'right-password' }, outsideSender),
}));

const modes: Draft[] = [
  {
    ...block,
    id: 'smtp-auth/login-outside-the-mode',
    title: 'right user and password over STARTTLS where the mode has no SMTP-AUTH, then a message to outside',
    requirement: 'A configuration meant for POP before SMTP alone MUST NOT relay for SMTP-AUTH.',
    clauses: [clauses.restrictRelay],
    applies: { modes: ['pop-before-smtp'] },
    remedy: 'Remove TRUST_AUTH_MECH and give the daemons M=A (DAEMON_OPTIONS), or declare the mode "both".',
    scene: scene(25, true, { mechanism: 'PLAIN', with: 'right-password' }, outsideSender),
  },
  {
    id: 'smtp-auth/submission-unauthenticated',
    title: 'a stranger’s message to a local user on port 587',
    requirement:
      'A submission server MUST refuse MAIL from a client that is not authenticated, even for a local recipient.',
    clauses: [clauses.submissionAuth],
    level: 'must',
    effect: 'weak',
    applies: { modes: ['smtp-auth'] },
    expected: 'block',
    refusedIn: ['mail'],
    remedy: 'Give the submission daemon M=a: DAEMON_OPTIONS(`Name=MSA, Port=submission, M=Ea’).',
    aliases: [],
    scene: {
      family: 'ipv4',
      port: 587,
      tls: false,
      mailFrom: '<{u}@{S}>',
      rcptTo: '<{account}@{L}>',
      destination: 'mailbox',
    },
  },
];

export const smtpAuth = defineSuite('smtp-auth', 'SMTP-AUTH: who authenticates may send, and nobody else', [
  ...everyMechanism,
  ...badCredentials,
  ...anonymous,
  ...modes,
]);
