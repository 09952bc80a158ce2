/** Mail that reaches the sink with a right of its own: forwarding, the server’s programs, a client that proved itself. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const goesOut = {
  clauses: [clauses.restrictRelay],
  level: 'must',
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Draft>;

/** From outside to outside, as it looks at the sink. */
const scene = (more: Partial<Scene>): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
  ...more,
});

export const ownMail: Draft[] = [
  {
    ...goesOut,
    id: 'false-leads/forwarding-alias',
    title: 'a delivery report (null sender) to an alias that leads outside: forwarding is no relaying',
    requirement: 'A server MUST forward delivery reports for an alias too, and that they leave is no leak.',
    clauses: [clauses.restrictRelay, clauses.nullSender],
    effect: 'inbound',
    applies: { needs: 'outside-alias' },
    remedy: 'See in the log lines which rule refuses the null sender, or loses the alias.',
    scene: scene({ mailFrom: '<>', rcptTo: '<{alias}>' }),
  },
  {
    ...goesOut,
    id: 'false-leads/forwarding-virtual-user',
    title: 'a delivery report (null sender) to a virtual user that leads outside: forwarding is no relaying',
    requirement: 'A server MUST forward delivery reports for a virtual user too, and that they leave is no leak.',
    clauses: [clauses.restrictRelay, clauses.nullSender],
    effect: 'inbound',
    applies: { needs: 'outside-virtual-user' },
    remedy: 'See in the log lines which rule refuses the null sender, or loses the virtual user.',
    scene: scene({ mailFrom: '<>', rcptTo: '<{virtual}>' }),
  },
  {
    ...goesOut,
    id: 'false-leads/own-address',
    title: 'a message from outside to outside that comes from the server’s own address',
    requirement:
      'A server MUST relay what comes from its own address: its programs have no other, and strangers not this.',
    effect: 'lock-out',
    applies: {},
    remedy: 'Remove what refuses the server’s own addresses: an access entry for 127.0.0.1, or M=a on port 25.',
    scene: scene({ client: 'the-server-itself' }),
  },
  {
    ...goesOut,
    id: 'false-leads/auth-kept-after-starttls',
    title: 'AUTH in clear, then STARTTLS, then a message: sendmail remembers the login, which was a right one',
    requirement: 'A server SHOULD let a client send that authenticated in the session, and that it does is no leak.',
    clauses: [clauses.authRelay, clauses.tlsForgets],
    level: 'info',
    effect: 'lock-out',
    applies: { offered: 'CRAM-MD5', modes: ['smtp-auth', 'both'], needs: 'tls' },
    remedy: 'List CRAM-MD5 in TRUST_AUTH_MECH as well as in confAUTH_MECHANISMS, separated by spaces.',
    scene: scene({
      session: [
        { do: 'greet' },
        { do: 'auth', mechanism: 'CRAM-MD5', with: 'right-password' },
        { do: 'starttls' },
        { do: 'greet' },
        { do: 'auth', mechanism: 'CRAM-MD5', with: 'right-password' },
        { do: 'mail' },
        { do: 'rcpt' },
        { do: 'data' },
      ],
    }),
  },
];
