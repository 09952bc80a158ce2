/** Mail that must arrive: a server that blocks everything blocks relaying too. */
import { type Attempt, defineSuite } from './attempt.ts';
import { clauses } from './clauses.ts';
import { fromTheServerItself, meantToGoOut } from './legitimate-mail/meant-to-go-out.ts';
import { waysToLocalUsers } from './legitimate-mail/ways-to-local-users.ts';

type Draft = Omit<Attempt, 'suite'>;

const inbound = {
  level: 'must',
  effect: 'inbound',
  applies: {},
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Attempt>;

const remedy =
  'See the log lines: a local mailer that is not there (FEATURE(`local_procmail’) with the wrong path), a domain missing from ' +
  'local-host-names, or M=a on port 25, which asks the whole world for a password.';

const stranger = (
  mailFrom: string,
  options: { port?: 25 | 587; family?: 'ipv4' | 'ipv6'; tls?: boolean } = {},
): Attempt['scene'] => ({
  family: options.family ?? 'ipv4',
  port: options.port ?? 25,
  tls: options.tls ?? false,
  mailFrom,
  rcptTo: '<{account}@{L}>',
  destination: 'mailbox',
});

const drafts: Draft[] = [
  {
    ...inbound,
    id: 'legitimate-mail/local',
    title: 'a stranger’s message to a local user, fetched back over POP3',
    requirement: 'A server MUST accept and deliver a stranger’s message to a local user.',
    clauses: [clauses.restrictRelay, clauses.postalDuty],
    remedy,
    scene: stranger('<{u}@{S}>'),
  },
  {
    ...inbound,
    id: 'legitimate-mail/local-ipv6',
    title: 'a stranger’s message to a local user over IPv6, fetched back over POP3',
    requirement: 'A server MUST accept and deliver a stranger’s message to a local user over IPv6 as well.',
    clauses: [clauses.restrictRelay, clauses.postalDuty],
    remedy,
    scene: stranger('<{u}@{S}>', { family: 'ipv6' }),
  },
  {
    ...inbound,
    id: 'legitimate-mail/null-sender',
    title: 'a delivery report (null sender) to a local user',
    requirement: 'A server MUST NOT refuse mail to a local user for its empty sender.',
    clauses: [clauses.nullSender],
    remedy,
    scene: stranger('<>'),
  },
  {
    ...inbound,
    id: 'legitimate-mail/own-sender',
    title: 'a message from a local user who is away, to a local user',
    requirement: 'A server MUST NOT refuse mail to a local user because its sender is one of its own.',
    clauses: [clauses.ownSender],
    remedy,
    scene: stranger('<{account}@{L}>'),
  },
  {
    ...inbound,
    id: 'legitimate-mail/authenticated-local',
    title: 'an authenticated user’s message to a local user on port 587',
    requirement: 'An authenticated client MUST be able to send to local users through the submission port.',
    clauses: [clauses.authRelay],
    effect: 'lock-out',
    applies: { modes: ['smtp-auth', 'both'], offered: 'PLAIN' },
    remedy: 'See the log lines; check that STARTTLS works on port 587 and that PLAIN is offered there.',
    scene: {
      ...stranger('<{account}@{L}>', { port: 587, tls: true }),
      auth: { mechanism: 'PLAIN', with: 'right-password' },
    },
  },
];

export const legitimateMail = defineSuite('legitimate-mail', 'Legitimate mail: what must arrive', [
  ...drafts,
  ...waysToLocalUsers,
  ...meantToGoOut,
  ...fromTheServerItself,
]);
