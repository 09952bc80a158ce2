/** What goes out without a credential because the configuration says so, or because the server itself sends it. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const families = [
  { family: 'ipv4', suffix: '', over: 'over IPv4' },
  { family: 'ipv6', suffix: '-ipv6', over: 'over IPv6' },
] as const;

const goesOut = {
  clauses: [clauses.restrictRelay],
  level: 'must',
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Draft>;

const toOutside = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
} as const satisfies Scene;

const forwarding: Draft[] = [
  {
    ...goesOut,
    id: 'legitimate-mail/alias-that-leads-outside',
    title: 'a stranger’s message to an alias that leads outside',
    requirement: 'A server MUST forward mail for an alias to where the alias leads, outside included.',
    effect: 'inbound',
    applies: { needs: 'outside-alias' },
    remedy:
      'See in the log lines whether the alias is in the file that AliasFile names, and the local mailer’s flag A set.',
    scene: { ...toOutside, rcptTo: '<{alias}>' },
  },
  {
    ...goesOut,
    id: 'legitimate-mail/virtual-user-that-leads-outside',
    title: 'a stranger’s message to a virtual user that leads outside',
    requirement: 'A server MUST forward mail for a virtual user to where its entry leads, outside included.',
    effect: 'inbound',
    applies: { needs: 'outside-virtual-user' },
    remedy:
      'List the virtual user’s domain in local-host-names, or name it with VIRTUSER_DOMAIN, which also lets its hosts ' +
      'relay: without either, sendmail takes it for an outside domain and never asks the table.',
    scene: { ...toOutside, rcptTo: '<{virtual}>' },
  },
];

const relayed: Draft[] = families.map(({ family, suffix, over }) => ({
  ...goesOut,
  id: `legitimate-mail/relayed-domain${suffix}`,
  title: `a stranger’s message to a domain in relayTo, ${over}`,
  requirement: `A server MUST relay a stranger’s message to the domains that it is declared to relay to, ${over}.`,
  effect: 'inbound',
  applies: { needs: 'relay-to' },
  remedy:
    'Add "To:DOMAIN RELAY" to the access map. RELAY_DOMAIN would do too, and let the domain’s hosts relay to anywhere.',
  scene: { ...toOutside, family, rcptTo: '<{u}@{relayTo}>' },
}));

const trusted: Draft[] = families.flatMap(({ family, suffix, over }): Draft[] => [
  {
    ...goesOut,
    id: `legitimate-mail/trusted-network${suffix}`,
    title: `a message to outside from a trusted network, ${over}`,
    requirement: `A server MUST relay for the clients of a network that is declared as trusted, ${over}.`,
    effect: 'lock-out',
    applies: { needs: 'trusted-networks' },
    remedy:
      'Write the network as sendmail reads it: whole octets without a dot at the end (Connect:203.0.113), whole groups ' +
      'of an uncompressed address for IPv6 (Connect:IPv6:2001:db8:0:1). A length like /24 never matches.',
    scene: { ...toOutside, family, client: 'of-a-trusted-network' },
  },
  {
    ...goesOut,
    id: `legitimate-mail/trusted-host${suffix}`,
    title: `a message to outside from a trusted host, ${over}`,
    requirement: `A server MUST relay for a host that is declared as trusted and whose name and address agree, ${over}.`,
    effect: 'lock-out',
    applies: { needs: 'trusted-hosts' },
    remedy:
      'Add "Connect:HOST RELAY" to the access map. With FEATURE(`relay_hosts_only’) an entry means one host and none ' +
      'below it.',
    scene: {
      ...toOutside,
      family,
      names: { reverse: ['{trustedHost}'], addresses: { '{trustedHost}': ['{client}'] } },
    },
  },
]);

const trustedSubmission: Draft = {
  ...goesOut,
  id: 'legitimate-mail/trusted-network-submission',
  title: 'a message to outside from a trusted network, on port 587',
  requirement: 'A server SHOULD relay for the clients of a trusted network on the submission port as well.',
  clauses: [clauses.submissionAuth],
  level: 'should',
  effect: 'lock-out',
  applies: { needs: 'trusted-networks', modes: ['pop-before-smtp', 'both'] },
  remedy: 'Take M=a from the submission daemon: it asks everybody for a password, authorised otherwise or not.',
  scene: { ...toOutside, port: 587, client: 'of-a-trusted-network' },
};

/** Webmail programs, cron jobs and list managers connect to the server on the server itself. */
export const fromTheServerItself: Draft[] = (
  [
    ['the-server-over-loopback', 'ipv4', 'over the loopback interface', ''],
    ['the-server-itself', 'ipv4', 'from and to its own address', '-address'],
    ['the-server-itself', 'ipv6', 'from and to its own IPv6 address', '-address-ipv6'],
  ] as const
).map(([client, family, how, suffix]) => ({
  ...goesOut,
  id: `legitimate-mail/from-the-server-itself${suffix}`,
  title: `a message to outside that a program on the server sends, ${how}`,
  requirement: `A server MUST send to outside what its own programs give it, ${how}.`,
  effect: 'lock-out',
  applies: {},
  remedy:
    'Remove what refuses the server’s own addresses: an access entry "Connect:127.0.0.1", M=a on port 25, or a rule before ' +
    'sendmail’s own, which let them relay.',
  scene: { ...toOutside, family, client, mailFrom: '<{account}@{L}>' },
}));

export const meantToGoOut: Draft[] = [...forwarding, ...relayed, ...trusted, trustedSubmission];
