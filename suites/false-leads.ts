/**
 * Situations that look like a hole and are none: a harness that believed the replies, or counted every message at the
 * sink, would report them. Each has to come out as a pass, and can fail.
 */
import { type Attempt, defineSuite } from './attempt.ts';
import { clauses } from './clauses.ts';
import { ownMail } from './false-leads/own-mail.ts';
import { takenAndStayed } from './false-leads/taken-and-stayed.ts';
import type { Scene } from './scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const toOutside = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
} as const satisfies Scene;

const block = {
  clauses: [clauses.restrictRelay, clauses.noOpenRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Draft>;

const closeRelay =
  'Remove what lets strangers relay (FEATURE(`promiscuous_relay’), a RELAY entry or a rule that is too wide), and see the ' +
  'findings of open-relay.';

/** A claim or a login that is answered with a 2xx, and gives no right. */
const empty: Draft[] = [
  {
    ...block,
    id: 'false-leads/mail-auth-parameter',
    title: 'a stranger’s MAIL with AUTH= and a local user: 250, and no right comes of it',
    requirement: 'A server MUST treat the AUTH= of a client that it does not trust as if it were empty.',
    clauses: [clauses.authParameter, clauses.noOpenRelay],
    applies: { needs: 'auth' },
    remedy:
      'Decide by the macros auth_type or auth_authen, which the server itself sets. What auth_author says is what the client wrote ' +
      'behind AUTH=.',
    scene: {
      ...toOutside,
      session: [{ do: 'greet' }, { do: 'mail', parameters: 'AUTH={account}@{L}' }, { do: 'rcpt' }, { do: 'data' }],
    },
  },
  {
    ...block,
    id: 'false-leads/anonymous-untrusted',
    title: 'AUTH ANONYMOUS, which may be answered 235, then a message to outside',
    requirement: 'A server MUST NOT relay for a client that authenticated as nobody.',
    clauses: [clauses.anonymousOff, clauses.noOpenRelay],
    applies: { offered: 'ANONYMOUS' },
    remedy:
      'Take ANONYMOUS out of TRUST_AUTH_MECH and of rules that take any auth_type for enough; better, do not offer it ' +
      '(y in confAUTH_OPTIONS).',
    scene: { ...toOutside, auth: { mechanism: 'ANONYMOUS', with: 'unknown-user' } },
  },
  {
    ...block,
    id: 'false-leads/reset-transaction',
    title: 'a transaction with a local recipient, taken and reset; then one to outside',
    requirement: 'A server MUST decide on each transaction by its own recipients, whatever it accepted before RSET.',
    remedy: closeRelay,
    scene: {
      ...toOutside,
      session: [
        { do: 'greet' },
        { do: 'mail' },
        { do: 'rcpt', to: '<{account}@{L}>' },
        { do: 'say', line: 'RSET' },
        { do: 'mail' },
        { do: 'rcpt' },
        { do: 'data' },
      ],
    },
  },
  {
    ...block,
    id: 'false-leads/temporary-refusal',
    title: 'a client on port 587 whose name cannot be asked for at the moment: 450 is no yes',
    requirement: 'A server MUST NOT relay because DNS does not answer; it may tell the client to try again.',
    clauses: [clauses.dnsTrouble, clauses.restrictRelay],
    deferredWith: [450, 451],
    remedy:
      'Remove the rule that takes the macro client_resolve for good when it says TEMP: that is neither yes nor no.',
    scene: { ...toOutside, port: 587, names: { reverse: 'temporary-failure' } },
  },
  {
    ...block,
    id: 'false-leads/vrfy-outside',
    title: 'VRFY of an outside address: 252 is no promise to relay',
    requirement: 'A server SHOULD NOT confirm an outside address to a stranger who asks with VRFY.',
    clauses: [clauses.verify],
    level: 'should',
    refusedIn: ['command'],
    answer: { codes: [252, 500, 502, 503, 550, 551, 553, 554] },
    noControl: 'sendmail answers 250 for mailers with the flag q alone, which no outgoing mailer has',
    remedy: 'Add novrfy to confPRIVACY_FLAGS.',
    scene: { ...toOutside, session: [{ do: 'greet' }, { do: 'ask', line: 'VRFY {u}@{E}' }] },
  },
];

export const falseLeads = defineSuite('false-leads', 'False leads: what looks like a hole and is none', [
  ...takenAndStayed,
  ...empty,
  ...ownMail,
]);
