/**
 * What a client’s address is called in DNS. Whoever runs an address’s reverse zone writes any name there; it counts only
 * if the name leads back to the address, and even then only for whom the configuration names.
 */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { ForgedNames, Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const scene = (names: ForgedNames, more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
  names,
  ...more,
});

const block = {
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['connect', 'mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Draft>;

const unconfirmed = {
  ...block,
  requirement: 'A server MUST NOT relay for a client because of a name that does not lead back to its address.',
  clauses: [clauses.confirmedNames, clauses.restrictRelay],
  remedy:
    'Do not decide by the macro client_ptr, or by a name that was not confirmed: sendmail’s own rules ask client_resolve first. ' +
    'Use Connect: entries of the access map instead of rules of one’s own.',
} as const satisfies Partial<Draft>;

const confirmed = {
  ...block,
  requirement:
    'A server MUST NOT relay for a client because its confirmed name resembles or lies below one of its own.',
  clauses: [clauses.restrictRelay, clauses.noOpenRelay],
  remedy:
    'Remove FEATURE(`relay_entire_domain’), untagged access entries ("hosting.example RELAY") and one’s own domains from ' +
    'relay-domains and VIRTUSER_DOMAIN: they let every host relay whose name is below the domain, customers’ too. Trust ' +
    'addresses (Connect:), or have the hosts authenticate.',
} as const satisfies Partial<Draft>;

type Name = { id: string; name: string; form: string };

/** Names of the house and of whom it may trust. */
const ours: Name[] = [
  { id: 'below-local', name: '{u}.{L}', form: 'a name below the local domain' },
  { id: 'local', name: '{L}', form: 'the local domain itself' },
  { id: 'host', name: '{H}', form: 'the server’s own host name' },
  { id: 'below-host', name: '{u}.{H}', form: 'a name below the server’s host name' },
  { id: 'localhost', name: 'localhost', form: 'localhost' },
];

const lookalikes: Name[] = [
  { id: 'longer-label', name: '{u}{L}', form: 'a name that ends with the text of the local domain' },
  { id: 'continued', name: '{L}.{u}.{E}', form: 'an outside name that begins with the local domain' },
  { id: 'host-continued', name: '{H}.{u}.{E}', form: 'an outside name that begins with the server’s host name' },
  { id: 'outside', name: '{com}', form: 'the name of an outside domain' },
];

/** Names that read like an address: a rule or a pattern may take them for one. */
const addresses: Name[] = [
  { id: 'loopback-in-digits', name: '127.0.0.1', form: 'the loopback address in digits' },
  { id: 'own-address-in-digits', name: '{I}', form: 'the server’s own address in digits' },
  { id: 'begins-with-own-address', name: '{I}.{u}.{E}', form: 'an outside name that begins with the server’s address' },
];

const forged: Draft[] = [...ours, ...lookalikes, ...addresses].map(({ id, name, form }) => ({
  ...unconfirmed,
  id: `name-trust/unconfirmed-${id}`,
  title: `a client whose address is called: ${form}; the name does not lead back`,
  scene: scene({ reverse: [name] }),
}));

const elsewhere: Draft[] = [
  {
    ...unconfirmed,
    id: 'name-trust/unconfirmed-leads-elsewhere',
    title: 'a client whose address is called: a name below the local domain, which leads to another address',
    scene: scene({ reverse: ['{u}.{L}'], addresses: { '{u}.{L}': ['{sink}'] } }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/unconfirmed-leads-to-the-server',
    title: 'a client whose address is called: a name below the local domain, which leads to the server',
    scene: scene({ reverse: ['{u}.{L}'], addresses: { '{u}.{L}': ['{I}'] } }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/unconfirmed-below-local-submission',
    title: 'a client whose address is called: a name below the local domain; the name does not lead back, on port 587',
    scene: scene({ reverse: ['{u}.{L}'] }, { port: 587 }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/unconfirmed-below-local-ipv6',
    title: 'a client whose IPv6 address is called: a name below the local domain; the name does not lead back',
    scene: scene({ reverse: ['{u}.{L}'] }, { family: 'ipv6' }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/several-names-local-first',
    title:
      'a client whose address has two names: one below the local domain, then an outside one; only that leads back',
    scene: scene({
      reverse: ['{u}.{L}', '{u}.{E}'],
      addresses: { '{u}.{E}': ['{client}'] },
    }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/several-names-local-last',
    title: 'a client whose address has two names: an outside one that leads back, then one below the local domain',
    noControl: 'sendmail looks at the first of several names alone, and has no macro for the others',
    scene: scene({
      reverse: ['{u}.{E}', '{u}.{L}'],
      addresses: { '{u}.{E}': ['{client}'] },
    }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/unconfirmed-trusted-host',
    title: 'a client whose address is called as a trusted host is, where that name leads elsewhere',
    applies: { needs: 'trusted-hosts' },
    scene: scene({ reverse: ['{trustedHost}'], addresses: { '{trustedHost}': ['{sink}'] } }),
  },
];

const real: Draft[] = [...ours.filter(({ id }) => id.startsWith('below-')), ...lookalikes].map(
  ({ id, name, form }) => ({
    ...confirmed,
    id: `name-trust/confirmed-${id}`,
    title: `a client that really is called: ${form}`,
    scene: scene({ reverse: [name], addresses: { [name]: ['{client}'] } }),
  }),
);

/** Such a name is in the hand of whoever runs the domain’s DNS; sendmail lets its bearer relay, as it is built. */
const stock: Draft[] = ours
  .filter(({ id }) => id === 'local' || id === 'host')
  .map(({ id, name, form }) => ({
    ...confirmed,
    id: `name-trust/confirmed-${id}`,
    title: `a client that really is called: ${form}`,
    requirement: 'A server SHOULD NOT relay for a client because its confirmed name is one of the server’s own.',
    level: 'info',
    noControl:
      id === 'host'
        ? 'the server knows its own name from its hosts file, which no other address can confirm'
        : 'sendmail relays for such a client in every configuration, the references included: class w is asked',
    remedy:
      'Give no other host the server’s own names in DNS. A domain’s web server often has the bare domain for its name: ' +
      'sendmail lets it relay.',
    scene: scene({ reverse: [name], addresses: { [name]: ['{client}'] } }),
  }));

const further: Draft[] = [
  {
    ...confirmed,
    id: 'name-trust/confirmed-among-many-addresses',
    title: 'a client that really is called: a name below the local domain, which has five addresses',
    scene: scene({
      reverse: ['{u}.{L}'],
      addresses: { '{u}.{L}': ['{sink}', '192.0.2.1', '192.0.2.2', '{client}', '192.0.2.3'] },
    }),
  },
  {
    ...confirmed,
    id: 'name-trust/confirmed-below-relayed',
    title: 'a client that really is called: a name below a domain in relayTo',
    requirement: 'A server MUST NOT relay from a domain’s hosts to anywhere because it relays to the domain.',
    applies: { needs: 'relay-to' },
    remedy:
      'Replace RELAY_DOMAIN, relay-domains and untagged access entries by "To:DOMAIN RELAY": the others relay from the ' +
      'domain’s hosts too, and are meant for neither backup exchangers nor customers.',
    scene: scene({ reverse: ['{u}.{relayTo}'], addresses: { '{u}.{relayTo}': ['{client}'] } }),
  },
  {
    ...confirmed,
    id: 'name-trust/confirmed-below-trusted-host',
    title: 'a client that really is called: a name below a trusted host’s',
    requirement: 'A server SHOULD NOT relay for hosts below the name of the one that is declared as trusted.',
    level: 'should',
    applies: { needs: 'trusted-hosts' },
    remedy:
      'Add FEATURE(`relay_hosts_only’): without it an entry stands for all names below it as well. Entries for whole ' +
      'domains then have to name each host.',
    scene: scene({ reverse: ['{u}.{trustedHost}'], addresses: { '{u}.{trustedHost}': ['{client}'] } }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/no-name',
    title: 'a client whose address has no name',
    requirement: 'A server MUST NOT relay for a client because its address has no name.',
    scene: scene({ reverse: 'none' }),
  },
  {
    ...unconfirmed,
    id: 'name-trust/name-not-found-for-now',
    title: 'a client whose name cannot be asked for at the moment',
    requirement: 'A server MUST NOT relay for a client because DNS does not answer; it may tell it to try again.',
    clauses: [clauses.dnsTrouble, clauses.confirmedNames],
    deferredWith: [450, 451],
    scene: scene({ reverse: 'temporary-failure' }),
  },
];

export const clientNames: Draft[] = [...forged, ...elsewhere, ...real, ...stock, ...further];
