/** Recipients that are answered 250 and stay at home, or come back: nothing of it is relayed. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const stays = {
  requirement: 'A server MUST NOT relay a stranger’s message to outside, whatever it answers to the recipient.',
  clauses: [clauses.restrictRelay, clauses.noOpenRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  remedy:
    'See where the message went, and why: MAIL_HUB, LOCAL_RELAY, LUSER_RELAY or mailertable may send local mail to another ' +
    'host, which trusts this one.',
  aliases: [],
} as const satisfies Partial<Draft>;

const scene = (rcptTo: string, more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo,
  destination: 'sink',
  ...more,
});

/** Forms that outsiders use for relaying, and that lead to a local user here. */
const home: Draft[] = (
  [
    ['percent', 'percent form', '<{account}%{L}@{H}>'],
    ['bang', 'bang path', '<{L}!{account}@{H}>'],
    ['source-route', 'source route', '<@{H}:{account}@{L}>'],
    ['quoted', 'quoted address', '<"{account}@{L}">'],
  ] as const
).map(([id, form, rcptTo]) => ({
  ...stays,
  id: `false-leads/${id}-that-leads-home`,
  title: `a ${form} that leads to a local user: 250, and the message stays`,
  scene: scene(rcptTo),
}));

const mixed: Draft[] = [
  {
    ...stays,
    id: 'false-leads/two-recipients-in-one',
    title: 'an outside and a local address in one RCPT: 250, and only the local user gets it',
    noControl: 'sendmail reads the last address of such a line alone, in every configuration',
    scene: scene('<{u}@{E}>,<{account}@{L}>'),
  },
  {
    ...stays,
    id: 'false-leads/two-recipients-in-one-reversed',
    title: 'a local and an outside address in one RCPT',
    scene: scene('<{account}@{L}>,<{u}@{E}>'),
  },
  {
    ...stays,
    id: 'false-leads/mixed-recipients',
    title: 'a local recipient and, refused, an outside one: the message is taken, for the local user alone',
    scene: scene('<{u}@{E}>', {
      session: [
        { do: 'greet' },
        { do: 'mail' },
        { do: 'rcpt', to: '<{account}@{L}>' },
        { do: 'rcpt', mayFail: true },
        { do: 'data' },
      ],
    }),
  },
];

/** What arrives outside is a report of the server’s own, not the message. */
const reports: Draft[] = [
  {
    ...stays,
    id: 'false-leads/bounce',
    title: 'a message to a local user that may come back to its outside sender: a report is no relaying',
    scene: scene('<{account}@{L}>'),
  },
  {
    ...stays,
    id: 'false-leads/success-report',
    title: 'a message to a local user whose outside sender asks for a report of success',
    scene: scene('<{account}@{L}>', {
      session: [
        { do: 'greet' },
        { do: 'mail', parameters: 'RET=HDRS ENVID={u}' },
        { do: 'rcpt', parameters: 'NOTIFY=SUCCESS' },
        { do: 'data' },
      ],
    }),
  },
];

/** sendmail takes 32,768 octets of header fields (MaxHeadersLength). */
const TOO_MANY_FIELDS = 600;

const refusedLate: Draft = {
  ...stays,
  id: 'false-leads/refused-after-data',
  title: 'a message to a local user with 40,000 octets of header fields: 250 and 354, then refused',
  refusedIn: ['mail', 'rcpt', 'end-of-data'],
  rejectedWith: ['5.6.0'],
  noControl: 'sendmail refuses the message for its header before it looks where it is to go',
  scene: scene('<{account}@{L}>', {
    session: [{ do: 'greet' }, { do: 'mail' }, { do: 'rcpt' }, { do: 'data' }],
    header: Array.from({ length: TOO_MANY_FIELDS }, (_, index) => `X-Filler-${index}: ${'x'.repeat(55)}`).join('\n'),
  }),
};

export const takenAndStayed: Draft[] = [...home, ...mixed, ...reports, refusedLate];
