/** POP before SMTP: what authorises an address, which address, and for how long. */
import { type Attempt, type AuthStep, defineSuite, type PopStep, ports } from './attempt.ts';
import { clauses } from './clauses.ts';

type Draft = Omit<Attempt, 'suite'>;

const login: PopStep = { do: 'login', with: 'right-password', from: 'same' };
const popModes: Attempt['applies'] = { modes: ['pop-before-smtp', 'both'] };

function scene(
  pop: PopStep[],
  options: { port?: 25 | 587; family?: 'ipv4' | 'ipv6'; auth?: AuthStep; mailFrom?: string } = {},
): Attempt['scene'] {
  return {
    family: options.family ?? 'ipv4',
    port: options.port ?? 25,
    tls: false,
    pop,
    ...(options.auth ? { auth: options.auth } : {}),
    mailFrom: options.mailFrom ?? '<{account}@{L}>',
    rcptTo: '<{u}@{E}>',
    destination: 'sink',
  };
}

/** A scene that must be blocked comes from outside, so that trust in local senders is not taken for a fault of POP. */
const blockedScene: typeof scene = (pop, options) => scene(pop, { mailFrom: '<{u}@{S}>', ...options });

const delivers = {
  clauses: [clauses.popBeforeSmtp],
  level: 'must',
  effect: 'lock-out',
  applies: popModes,
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Attempt>;

const blocks = {
  clauses: [clauses.popBeforeSmtp, clauses.popLogin],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Attempt>;

const mapRemedy =
  'Let the POP server’s writer and sendmail use the same map: same path, same type (FEATURE(`drac’, `hash /etc/mail/drac’)), ' +
  'keys spelled as sendmail writes client addresses.';

const mayBlock: Draft[] = [
  ...ports.map(
    ({ port, suffix, where }): Draft => ({
      ...delivers,
      id: `pop-before-smtp/login${suffix}`,
      title: `POP login, then a message to outside from the same address, ${where}`,
      requirement: 'An address from which a user has just logged in over POP MUST be able to send to outside.',
      remedy: mapRemedy,
      scene: scene([login], { port }),
    }),
  ),
  {
    ...delivers,
    id: 'pop-before-smtp/login-ipv6',
    title: 'POP login and message to outside over IPv6',
    requirement: 'An IPv6 address from which a user has just logged in over POP MUST be able to send to outside.',
    remedy: `${mapRemedy} IPv6 keys are uncompressed.`,
    scene: scene([login], { family: 'ipv6' }),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/before-expiry',
    title: 'POP login, nearly a lifetime ago, then a message to outside',
    requirement: 'An authorisation MUST last as long as it is declared to.',
    remedy: 'Compare the writer’s lifetime with the declared one; beware of minutes taken for seconds.',
    scene: scene([login, { do: 'age', lifetimes: 0.97 }]),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/renewed',
    title: 'POP login, renewed by a second one, then a message to outside',
    requirement: 'A new login MUST begin a new lifetime.',
    remedy: 'Let the writer overwrite the entry’s time at every login.',
    scene: scene([login, { do: 'age', lifetimes: 0.6 }, login, { do: 'age', lifetimes: 0.6 }]),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/failed-auth-keeps-it',
    title: 'POP login, a failed AUTH, then a message to outside',
    requirement: 'A failed AUTH MUST NOT take away what the address has been authorised for.',
    clauses: [clauses.authFailure, clauses.popBeforeSmtp],
    applies: { modes: ['both'], offered: 'CRAM-MD5' },
    remedy: 'Do not refuse relaying in Local_Relay_Auth because of a failed AUTH.',
    scene: scene([login], { auth: { mechanism: 'CRAM-MD5', with: 'wrong-password' } }),
  },
];

const wrongLogins = (
  [
    [
      'wrong-password',
      'a POP login with a wrong password',
      'Authorise on successful logins only: match the server’s line for them, whole.',
    ],
    [
      'unknown-user',
      'a POP login as an unknown user',
      'Authorise on successful logins only: match the server’s line for them, whole.',
    ],
    ['user-only', 'USER without PASS', 'Do not authorise on USER, which the server may answer with +OK whoever it is.'],
    ['dropped', 'a POP connection that is cut before PASS', 'Do not authorise on a connection or on its end.'],
  ] as const
).map(
  ([how, words, remedy]): Draft => ({
    ...blocks,
    id: `pop-before-smtp/${how}`,
    title: `${words}, then a message to outside`,
    requirement: `The server MUST NOT relay for an address because of ${words}.`,
    clauses: [clauses.popLogin, clauses.popUser, clauses.popBeforeSmtp],
    remedy,
    scene: blockedScene([{ do: 'login', with: how, from: 'same' }]),
  }),
);

const otherAddresses: Draft[] = [
  {
    ...blocks,
    id: 'pop-before-smtp/no-login',
    core: true,
    title: 'a message to outside from an address that never logged in',
    requirement: 'The server MUST NOT relay for an address that has not been authorised.',
    remedy: 'See that a missing entry, or a missing map, is not taken for a hit.',
    scene: blockedScene([]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/neighbour',
    title: 'a message to outside from another address of the /24 in which somebody logged in',
    requirement: 'A POP login MUST authorise the client’s own address, and no other of its network.',
    remedy: 'Record the whole address: no /24 keys, no access entries that end after three octets.',
    scene: blockedScene([{ do: 'login', with: 'right-password', from: 'neighbour' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/prefix',
    title: 'a message to outside from an address whose text begins with an authorised one',
    requirement: 'A POP login from an address MUST NOT authorise another that only begins with the same characters.',
    remedy: 'Compare whole addresses: no regular expression without an end, no grep.',
    scene: blockedScene([{ do: 'login', with: 'right-password', from: 'prefix' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/ipv4-login-ipv6-message',
    title: 'POP login over IPv4, then a message to outside over IPv6',
    requirement: 'A POP login over IPv4 MUST NOT authorise an IPv6 address.',
    remedy: 'Record the address of the login, and nothing that is derived from the host’s name.',
    scene: blockedScene([{ do: 'login', with: 'right-password', from: 'other-family' }], { family: 'ipv6' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/ipv6-login-ipv4-message',
    title: 'POP login over IPv6, then a message to outside over IPv4',
    requirement: 'A POP login over IPv6 MUST NOT authorise an IPv4 address.',
    remedy: 'Record the address of the login, and nothing that is derived from the host’s name.',
    scene: blockedScene([{ do: 'login', with: 'right-password', from: 'other-family' }]),
  },
];

const afterwards: Draft[] = [
  ...ports.map(
    ({ port, suffix, where }): Draft => ({
      ...blocks,
      id: `pop-before-smtp/expired${suffix}`,
      title: `POP login, longer than its lifetime ago, then a message to outside, ${where}`,
      requirement: 'An authorisation MUST end with its lifetime.',
      applies: popModes,
      remedy:
        'Run the sweep regularly (cron or the writer itself), and see that times are Unix seconds, not in the future.',
      scene: blockedScene([login, { do: 'age', lifetimes: 1.01 }], { port }),
    }),
  ),
  {
    ...blocks,
    id: 'pop-before-smtp/login-outside-the-mode',
    title: 'POP login where the mode has no POP before SMTP, then a message to outside',
    requirement: 'A configuration meant for SMTP-AUTH alone MUST NOT relay for a POP login.',
    applies: { modes: ['smtp-auth'] },
    remedy: 'Remove FEATURE(`drac’) or the rules that look the client up in the POP map, or declare the mode "both".',
    scene: blockedScene([login]),
  },
];

export const popBeforeSmtp = defineSuite('pop-before-smtp', 'POP before SMTP: what authorises, whom, and how long', [
  ...mayBlock,
  ...wrongLogins,
  ...otherAddresses,
  ...afterwards,
]);
