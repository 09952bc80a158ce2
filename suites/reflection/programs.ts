/** Recipients and senders that are programs, files and lists: for aliases to name, and never for strangers. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const scene = (envelope: Pick<Scene, 'mailFrom'> | Pick<Scene, 'rcptTo'>): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{account}@{L}>',
  destination: 'sink',
  reflected: true,
  ...envelope,
});

const blocked = {
  level: 'must',
  effect: 'leak',
  clauses: [clauses.restrictRelay],
  applies: {},
  expected: 'block',
  aliases: [],
  noControl: 'sendmail itself refuses them to whoever is no alias, whatever the configuration says',
} as const satisfies Partial<Draft>;

const kinds = [
  ['program', 'a program', '|/bin/echo {u}'],
  ['file', 'a file', '/tmp/{u}'],
  ['include', 'a list in a file', ':include:/etc/passwd'],
] as const;

const recipients = kinds.flatMap(([id, what, form]): Draft[] => {
  const plain = form.replaceAll(' ', '');
  const forms = [
    ['', '', `<${plain}>`],
    ['-quoted', ' in quotes', `<"${form}">`],
    ['-at-domain', ' at a local domain', `<${plain}@{L}>`],
    ['-quoted-at-domain', ' in quotes at a local domain', `<"${form}"@{L}>`],
    ['-escaped', ' behind a backslash', `<\\${plain}@{L}>`],
  ] as const;
  return forms.map(([suffix, how, rcptTo]) => ({
    ...blocked,
    id: `reflection/${id}-recipient${suffix}`,
    title: `${what}${how} as the recipient`,
    requirement: 'A server MUST NOT deliver to a program, a file or a list because a stranger names it.',
    refusedIn: ['rcpt'],
    remedy: 'Take out the mailer or the rule that hands such addresses on; Debian’s sendmail refuses them.',
    scene: scene({ rcptTo }),
  }));
});

const senders = kinds.map(
  ([id, what, form]): Draft => ({
    ...blocked,
    id: `reflection/${id}-sender`,
    title: `${what} as the sender`,
    requirement: 'A server MUST NOT take a program, a file or a list for a sender, to which a report would go.',
    refusedIn: ['mail'],
    // "553 5.1.7 Invalid sender address".
    rejectedWith: ['5.1.7'],
    remedy: 'Take out the mailer or the rule that lets such a sender pass.',
    scene: scene({ mailFrom: `<"${form}">` }),
  }),
);

export const programs: readonly Draft[] = [...recipients, ...senders];
