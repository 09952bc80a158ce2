/** Network trust: who may relay with no credential at all, asked for every address that there is. */
import { type Attempt, defineSuite } from './attempt.ts';
import { clauses } from './clauses.ts';
import type { Scene, Sweep } from './scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const leak = {
  clauses: [clauses.restrictRelay, clauses.noOpenRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  aliases: [],
} as const satisfies Partial<Attempt>;

const lockOut = {
  clauses: [clauses.restrictRelay],
  level: 'must',
  effect: 'lock-out',
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Attempt>;

const removeOrDeclare =
  'Remove the line that the finding names, or, if it is meant, declare what it trusts in relayproof.yaml ' +
  '(trusted.networks, trusted.hosts or relayTo): declared trust is tested too. Without the line, clients ' +
  'there that have no password can send no more.';

const undeclared: Draft[] = (
  [
    ['ipv4', 'networks of the whole IPv4 address space', 'an IPv4 network that is not declared as trusted'],
    ['ipv6', 'networks of the whole IPv6 address space', 'an IPv6 network that is not declared as trusted'],
    ['hosts', 'names that a client’s address may have in DNS', 'a host name that is not declared as trusted'],
  ] as const
).map(([sweep, what, whom]) => ({
  ...leak,
  id: `network-trust/undeclared-${sweep}`,
  title: `sweep: ${what}; who of them may relay with no credential`,
  requirement: `A server MUST NOT relay with no credential for ${whom}.`,
  refusedIn: ['command'],
  remedy: `${removeOrDeclare} A key of three octets means 256 hosts, one of one octet sixteen million.`,
  scene: { sweep, wants: 'nothing-undeclared' } satisfies Sweep,
}));

const undeclaredDomains: Draft = {
  ...leak,
  id: 'network-trust/undeclared-domains',
  title:
    'sweep: recipient domains that the configuration names, those around them and top-level ones; which are relayed to',
  requirement: 'A server MUST NOT relay for strangers to an outside domain that is not declared in relayTo.',
  refusedIn: ['command'],
  remedy: `${removeOrDeclare} RELAY_DOMAIN and an untagged access entry relay to the domain, to all below it, and from its hosts.`,
  scene: { sweep: 'domains', wants: 'nothing-undeclared' },
};

const declared: Draft[] = (
  [
    ['ipv4', 'trusted-networks', 'IPv4 networks that are declared as trusted'],
    ['ipv6', 'trusted-networks', 'IPv6 networks that are declared as trusted'],
    ['hosts', 'trusted-hosts', 'hosts that are declared as trusted'],
    ['domains', 'relay-to', 'domains that are declared in relayTo'],
  ] as const
).map(([sweep, needs, what]) => ({
  ...lockOut,
  id: `network-trust/declared-${sweep}`,
  title: `sweep: all of the ${what}`,
  requirement: `A server MUST relay with no credential for all of the ${what}.`,
  applies: { needs },
  remedy:
    'Compare the spelling: access and relay-domains know octet prefixes (203.0.113), no /24, no trailing dot, no *; ' +
    'IPv6 keys begin with "IPv6:" and are not compressed.',
  scene: { sweep, wants: 'all-declared' } satisfies Sweep,
}));

const beyond: Draft[] = (
  [
    ['just-below-a-trusted-network', 'the last address below a trusted network'],
    ['just-above-a-trusted-network', 'the first address above a trusted network'],
    ['like-a-trusted-network', 'an address whose text begins as a trusted network’s does'],
  ] as const
).flatMap(([client, words]) =>
  (['ipv4', 'ipv6'] as const).map(
    (family): Draft => ({
      ...leak,
      id: `network-trust/${client}${family === 'ipv6' ? '-ipv6' : ''}`,
      title: `a message to outside from ${words}, over ${family === 'ipv6' ? 'IPv6' : 'IPv4'}`,
      requirement: `A server MUST NOT relay for ${words}: trust ends where the declaration does.`,
      applies: { needs: 'trusted-networks' },
      refusedIn: ['mail', 'rcpt'],
      remedy: removeOrDeclare,
      scene: {
        family,
        port: 25,
        tls: false,
        client,
        mailFrom: '<{u}@{S}>',
        rcptTo: '<{u}@{E}>',
        destination: 'sink',
      } satisfies Scene,
    }),
  ),
);

export const networkTrust = defineSuite('network-trust', 'Network trust: who may relay with no credential', [
  ...undeclared,
  undeclaredDomains,
  ...declared,
  ...beyond,
]);
