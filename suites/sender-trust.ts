/** A stranger who claims a sender address of the house: MAIL FROM is forgeable, and must authorise nothing. */

import { type Attempt, defineSuite, ports } from './attempt.ts';
import { clauses } from './clauses.ts';
import { refusedAddresses } from './sender-trust/refused-addresses.ts';

type Sender = {
  id: string;
  form: string;
  from: string;
  /** Why the address itself may be refused, where it may: enhanced status codes. */
  rejectedWith?: readonly string[];
  noControl?: string;
};

const stripped = 'sendmail strips a source route from the sender before any rule sees it, in every configuration';

/** A sender without a domain that can be a sender’s is refused for that (553 5.5.4). */
const noDomain = ['5.5.4'];
/** RFC 3463: the sender’s address is not one (5.1.7), or its domain does not exist (5.1.8). */
const noAddress = ['5.1.7', '5.1.8'];

const senders: Sender[] = [
  { id: 'null', form: 'the null sender, as in a delivery report', from: '<>' },
  { id: 'local-account', form: 'an existing local account', from: '<{account}@{L}>' },
  { id: 'local-unknown', form: 'an unknown local user', from: '<{u}@{L}>' },
  { id: 'local-root', form: 'root at the local domain', from: '<root@{L}>' },
  { id: 'local-postmaster', form: 'postmaster at the local domain', from: '<postmaster@{L}>' },
  { id: 'local-capitals', form: 'an existing account, the local domain in capitals', from: '<{account}@{LC}>' },
  { id: 'local-subdomain', form: 'a user under a subdomain of the local domain', from: '<{u}@sub.{L}>' },
  { id: 'local-detail', form: 'an existing account with +detail', from: '<{account}+detail@{L}>' },
  { id: 'local-trailing-dot', form: 'an existing account, the domain with a dot at its end', from: '<{account}@{L}.>' },
  { id: 'local-quoted', form: 'an existing account with a quoted local part', from: '<"{account}"@{L}>' },
  { id: 'local-comment', form: 'an existing account with a comment', from: '<{account}(at home)@{L}>' },
  { id: 'local-without-brackets', form: 'an existing account without brackets', from: '{account}@{L}' },
  { id: 'host-account', form: 'an existing account at the host name', from: '<{account}@{H}>' },
  { id: 'host-postmaster', form: 'postmaster at the host name', from: '<postmaster@{H}>' },
  { id: 'host-mailer-daemon', form: 'MAILER-DAEMON at the host name', from: '<MAILER-DAEMON@{H}>' },
  { id: 'host-literal', form: 'an existing account at the server’s address literal', from: '<{account}@[{I}]>' },
  {
    id: 'host-literal-ipv6',
    form: 'an existing account at the server’s IPv6 literal',
    from: '<{account}@[IPv6:{I6}]>',
  },
  { id: 'without-domain', form: 'an existing account without a domain', from: '<{account}>', rejectedWith: noDomain },
  {
    id: 'at-localhost',
    form: 'an existing account at localhost',
    from: '<{account}@localhost>',
    rejectedWith: noDomain,
  },
  {
    id: 'at-loopback',
    form: 'an existing account at the literal of the loopback address',
    from: '<{account}@[127.0.0.1]>',
    rejectedWith: noDomain,
  },
  { id: 'source-route', form: 'an existing account behind a source route', from: '<@{S}:{account}@{L}>' },
  {
    id: 'source-route-over-host',
    form: 'an outside sender with a source route over us',
    from: '<@{H}:{u}@{S}>',
    noControl: stripped,
  },
  { id: 'percent-to-host', form: 'an outside sender, percent form at the host name', from: '<{u}%{S}@{H}>' },
  { id: 'percent-to-outside', form: 'a local account, percent form at an outside domain', from: '<{account}%{L}@{S}>' },
  {
    id: 'bang-path',
    form: 'an existing account as a bang path over us',
    from: '<{L}!{account}>',
    rejectedWith: [...noDomain, ...noAddress],
  },
  {
    id: 'lookalike-longer-label',
    form: 'a domain that ends with the text of the local one',
    from: '<{account}@not{L}>',
    rejectedWith: noAddress,
  },
  {
    id: 'lookalike-continued',
    form: 'an outside domain that begins with the local one',
    from: '<{account}@{L}.{E}>',
    rejectedWith: noAddress,
  },
  {
    id: 'lookalike-local-part',
    form: 'an outside sender whose local part is a local address',
    from: '<"{account}@{L}"@{S}>',
  },
];

/** Sender domains that exist in DNS for these attempts alone: one that does not exist is refused for that. */
const existing: Record<string, string> = {
  'lookalike-longer-label': 'not{L}',
  'lookalike-continued': '{L}.{E}',
};

const claims = {
  requirement: 'A server MUST NOT relay to outside because the envelope sender is one of its own addresses.',
  clauses: [clauses.restrictRelay, clauses.senderProvesNothing],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  remedy:
    'Remove FEATURE(`relay_local_from’) and FEATURE(`relay_mail_from’), and rules that look at the sender ($f): anybody can ' +
    'write any. Users who are away authenticate instead.',
  aliases: [],
} as const satisfies Partial<Attempt>;

export const senderTrust = defineSuite('sender-trust', 'Sender trust: a stranger who claims a local sender', [
  ...senders.flatMap(({ id, form, from, ...rest }) =>
    ports.map(({ port, suffix, where }) => ({
      ...claims,
      id: `sender-trust/${id}${suffix}`,
      title: `forged sender: ${form}, ${where}`,
      ...rest,
      scene: {
        family: 'ipv4' as const,
        port,
        tls: false,
        mailFrom: from,
        rcptTo: '<{u}@{E}>',
        destination: 'sink' as const,
        ...(existing[id] === undefined ? {} : { names: { exchangers: { [existing[id]]: ['mx.{E}'] } } }),
      },
    })),
  ),
  {
    ...claims,
    id: 'sender-trust/local-account-ipv6',
    title: 'forged sender: an existing local account, over IPv6',
    scene: {
      family: 'ipv6',
      port: 25,
      tls: false,
      mailFrom: '<{account}@{L}>',
      rcptTo: '<{u}@{E}>',
      destination: 'sink',
    },
  },
  ...refusedAddresses,
]);
