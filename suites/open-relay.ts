/** An unauthenticated stranger asks for a message from outside to outside, in every address form that nmap tries. */

import { type Attempt, defineSuite, ports } from './attempt.ts';
import { clauses } from './clauses.ts';

type Pair = {
  /** nmap's own number of the pair, in smtp-open-relay.nse. */
  nmap: number;
  id: string;
  form: string;
  from: string;
  to: string;
  noControl?: string;
};

const twoAts =
  'sendmail rejects an address with two unquoted @ for its form (553 5.1.3) before any rule is asked, in every configuration';

const literalSender = '<{u}@[{I}]>';

// Order and pairs: nmap's script smtp-open-relay.
const pairs: Pair[] = [
  { nmap: 1, id: 'null-sender', form: 'null sender', from: '<>', to: '<{u}@{E}>' },
  {
    nmap: 2,
    id: 'outside-sender',
    form: 'sender in the recipient’s outside domain',
    from: '<{u}@{E}>',
    to: '<{u}@{E}>',
  },
  { nmap: 3, id: 'host-sender', form: 'sender at the host name', from: '<{u}@{H}>', to: '<{u}@{E}>' },
  { nmap: 4, id: 'literal-sender', form: 'sender at the address literal', from: literalSender, to: '<{u}@{E}>' },
  {
    nmap: 5,
    id: 'percent-hack-literal',
    form: 'percent hack via the address literal',
    from: literalSender,
    to: '<{u}%{E}@[{I}]>',
  },
  {
    nmap: 6,
    id: 'percent-hack-host',
    form: 'percent hack via the host name',
    from: literalSender,
    to: '<{u}%{E}@{H}>',
  },
  { nmap: 7, id: 'quoted', form: 'quoted address', from: literalSender, to: '<"{u}@{E}">' },
  { nmap: 8, id: 'quoted-percent', form: 'quoted percent hack', from: literalSender, to: '<"{u}%{E}">' },
  {
    nmap: 9,
    id: 'double-at-literal',
    form: 'two @, address literal',
    from: literalSender,
    to: '<{u}@{E}@[{I}]>',
    noControl: twoAts,
  },
  {
    nmap: 10,
    id: 'quoted-at-literal',
    form: 'quoted address at the address literal',
    from: literalSender,
    to: '<"{u}@{E}"@[{I}]>',
  },
  {
    nmap: 11,
    id: 'double-at-host',
    form: 'two @, host name',
    from: literalSender,
    to: '<{u}@{E}@{H}>',
    noControl: twoAts,
  },
  {
    nmap: 12,
    id: 'source-route-literal',
    form: 'source route via the address literal',
    from: literalSender,
    to: '<@[{I}]:{u}@{E}>',
  },
  {
    nmap: 13,
    id: 'source-route-host',
    form: 'source route via the host name',
    from: literalSender,
    to: '<@{H}:{u}@{E}>',
  },
  { nmap: 14, id: 'bang-path', form: 'bang path', from: literalSender, to: '<{E}!{u}>' },
  {
    nmap: 15,
    id: 'bang-path-literal',
    form: 'bang path at the address literal',
    from: literalSender,
    to: '<{E}!{u}@[{I}]>',
  },
  { nmap: 16, id: 'bang-path-host', form: 'bang path at the host name', from: literalSender, to: '<{E}!{u}@{H}>' },
];

const two = (n: number) => String(n).padStart(2, '0');

const stranger = {
  requirement:
    'A server MUST refuse to relay a stranger’s message from outside to outside, in whatever form it is addressed.',
  clauses: [clauses.restrictRelay, clauses.refuseRelay, clauses.noOpenRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
} as const satisfies Partial<Attempt>;

const remedy =
  'Remove what lets strangers relay: FEATURE(`promiscuous_relay’), an access entry "… RELAY" or a line in relay-domains ' +
  'that is too wide, a Local_check_rcpt rule that answers $#OK. Who may send should authenticate.';

const fromNmap = pairs.flatMap(({ nmap, id, form, from, to, ...rest }) =>
  ports.map(({ port, suffix, where }) => ({
    ...stranger,
    ...rest,
    id: `open-relay/${id}${suffix}`,
    title: `nmap ${nmap}: ${form}, ${where}`,
    remedy,
    aliases: port === 25 ? ['nmap', `nmap-${two(nmap)}`] : [],
    scene: { family: 'ipv4', port, tls: false, mailFrom: from, rcptTo: to, destination: 'sink' } as const,
  })),
);

const topLevel = (
  [
    ['com', '{com}'],
    ['net', '{net}'],
    ['org', '{org}'],
    ['country', '{country}'],
  ] as const
).map(([name, domain]) => ({
  ...stranger,
  id: `open-relay/to-${name}`,
  title: `recipient under another top-level domain (${name})`,
  remedy:
    'Remove the top-level domain from RELAY_DOMAIN, relay-domains or the access map ("To:org RELAY"): it relays to and ' +
    'from everybody under it. Name the domains that are meant.',
  aliases: [],
  scene: {
    family: 'ipv4',
    port: 25,
    tls: false,
    mailFrom: '<{u}@{S}>',
    rcptTo: `<{u}@${domain}>`,
    destination: 'sink',
  } as const,
}));

const overIpv6 = ports.map(({ port, suffix, where }) => ({
  ...stranger,
  id: `open-relay/outside-sender-ipv6${suffix}`,
  title: `outside sender over IPv6, ${where}`,
  remedy: `${remedy} IPv6 entries of the access map begin with "Connect:IPv6:".`,
  aliases: [],
  scene: {
    family: 'ipv6',
    port,
    tls: false,
    mailFrom: '<{u}@{S}>',
    rcptTo: '<{u}@{E}>',
    destination: 'sink',
  } as const,
}));

export const openRelay = defineSuite('open-relay', 'Open relay: a stranger, from outside to outside', [
  ...fromNmap,
  ...topLevel,
  ...overIpv6,
]);
