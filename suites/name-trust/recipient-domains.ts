/** Recipient domains that resemble one of the house’s, or that name it in their DNS: all of them are outside. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const block = {
  clauses: [clauses.restrictRelay, clauses.noOpenRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Draft>;

/** A message to somebody in a domain whose mail exchangers are these. */
const to = (domain: string, exchangers: readonly string[], more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: `<{u}@${domain}>`,
  destination: 'sink',
  names: { exchangers: { [domain]: exchangers } },
  ...more,
});

const outside = ['mx.{E}'];

const lookalikes: Draft[] = (
  [
    ['below-local', '{u}.{L}', 'a domain below the local one'],
    ['longer-label', '{u}{L}', 'a domain that ends with the text of the local one'],
    ['continued', '{L}.{u}.{E}', 'an outside domain that begins with the local one'],
    ['below-host', '{u}.{H}', 'a domain below the server’s host name'],
  ] as const
).map(([id, domain, words]) => ({
  ...block,
  id: `name-trust/recipient-${id}`,
  title: `a stranger’s message to ${words}`,
  requirement: 'A server MUST NOT relay to a domain because its name resembles or lies below one of the server’s own.',
  remedy:
    'Compare whole domains: no patterns without anchors, no untagged access entry for one’s own domain (it stands for ' +
    'everything below it as well), no FEATURE(`relay_entire_domain’).',
  scene: to(domain, outside),
}));

const relayed: Draft[] = [
  {
    ...block,
    id: 'name-trust/recipient-below-relayed',
    title: 'a stranger’s message to a domain below one in relayTo',
    requirement: 'A server SHOULD relay to the declared domain alone, and not to those below it.',
    level: 'should',
    applies: { needs: 'relay-to' },
    remedy:
      'Add FEATURE(`relay_hosts_only’), with which entries stand for themselves alone; or declare the domains below it ' +
      'in relayTo, if they are meant.',
    scene: to('{u}.{relayTo}', outside),
  },
  {
    ...block,
    id: 'name-trust/recipient-like-relayed',
    title: 'a stranger’s message to a domain that ends with the text of one in relayTo',
    requirement: 'A server MUST NOT relay to a domain because its name resembles one that it relays to.',
    applies: { needs: 'relay-to' },
    remedy: 'Compare whole domains: access entries and class R do, patterns without anchors do not.',
    scene: to('{u}{relayTo}', outside),
  },
];

const mxRemedy =
  'Remove FEATURE(`relay_based_on_MX’): whoever runs a domain’s DNS enrols it with that. Name the domains that are meant ' +
  'in the access map (To:DOMAIN RELAY): for those that are not, the server is a backup exchanger no more.';

const mxRequirement = 'A server MUST NOT relay to a domain because the domain’s DNS names the server as an exchanger.';

/** As the best or only choice sendmail takes the message and finds that it leads back to itself: the reply tells. */
const enrolled: Draft[] = [
  ...(
    [
      ['only', ['{H}'], 'its only exchanger'],
      ['best', ['{H}', 'mx.{E}'], 'its best exchanger'],
    ] as const
  ).map(
    ([id, exchangers, words]): Draft => ({
      ...block,
      id: `name-trust/exchanger-${id}`,
      title: `RCPT for an outside domain that names the server as ${words}`,
      requirement: mxRequirement,
      answer: { codes: [550, 551, 553, 554, 571] },
      remedy: mxRemedy,
      scene: to('{u}.example', exchangers, {
        session: [{ do: 'greet' }, { do: 'mail' }, { do: 'ask', line: 'RCPT TO:<{u}@{u}.example>' }],
      }),
    }),
  ),
  {
    ...block,
    id: 'name-trust/exchanger-second',
    title: 'a stranger’s message to an outside domain that names the server as its second exchanger',
    requirement: mxRequirement,
    remedy: mxRemedy,
    scene: to('{u}.example', ['mx.{E}', '{H}']),
  },
];

export const recipientDomains: Draft[] = [...lookalikes, ...relayed, ...enrolled];
