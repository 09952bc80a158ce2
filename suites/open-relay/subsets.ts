/** The address pairs of published relay testers, as named subsets of the product, in the order of each tester. */
import type { RecipientKey } from './recipients.ts';
import type { SenderKey } from './senders.ts';

/** `at-own-literal`: a user at the target's own address literal, which is no relaying. */
export type Pair = readonly [from: SenderKey, to: RecipientKey | 'at-own-literal'];

// nmap, smtp-open-relay.nse
const nmap: readonly Pair[] = [
  ['null', 'plain'],
  ['outside', 'plain'],
  ['host', 'plain'],
  ['literal', 'plain'],
  ['literal', 'percent-hack-literal'],
  ['literal', 'percent-hack-host'],
  ['literal', 'quoted'],
  ['literal', 'quoted-percent'],
  ['literal', 'double-at-literal'],
  ['literal', 'quoted-at-literal'],
  ['literal', 'double-at-host'],
  ['literal', 'source-route-literal'],
  ['literal', 'source-route-host'],
  ['literal', 'bang-path'],
  ['literal', 'bang-path-literal'],
  ['literal', 'bang-path-host'],
];

// Metasploit, auxiliary/scanner/smtp/smtp_relay with EXTENDED: nmap's pairs, but for the fourth, which is a local address.
const metasploit: readonly Pair[] = nmap.map((pair, index) => (index === 3 ? ['literal', 'at-own-literal'] : pair));

// The seventeen of the abuse.net family of web forms, as the public ones print them.
const abuseNet: readonly Pair[] = [
  ['outside', 'plain'],
  ['bare', 'plain'],
  ['null', 'plain'],
  ['host', 'plain'],
  ['literal', 'plain'],
  ...(
    [
      'percent-hack-host',
      'percent-hack-literal',
      'quoted',
      'quoted-percent',
      'double-at-host',
      'quoted-at-host',
      'double-at-literal',
      'source-route-host',
      'source-route-literal',
      'bang-path',
      'bang-path-host',
      'bang-path-literal',
    ] as const
  ).map((to): Pair => ['host', to]),
];

// OpenVAS, its second relay test, which makes the null sender's pair twice.
const openvas: readonly Pair[] = [
  ['outside', 'plain'],
  ['unresolvable', 'plain'],
  ['localhost', 'plain'],
  ['bare', 'plain'],
  ['null', 'plain'],
  ['null', 'plain'],
  ['host', 'plain'],
  ['literal', 'plain'],
  ['host', 'percent-hack-host'],
  ['host', 'percent-hack-literal'],
  ['host', 'double-at-host'],
  ['host', 'quoted-at-literal'],
  ['host', 'double-at-literal'],
  ['literal', 'source-route-host'],
  ['host', 'source-route-literal'],
  ['host', 'bang-path-literal'],
  ['host-postmaster', 'plain'],
];

// Nessus, plugin 11852: the same without the percent hacks.
const nessus: readonly Pair[] = openvas.filter(([, to]) => !to.startsWith('percent-hack'));

export const subsets = {
  nmap,
  metasploit,
  'abuse.net': abuseNet,
  openvas,
  nessus,
} as const satisfies Readonly<Record<string, readonly Pair[]>>;

/** A pair's name within its subset: `nmap-07` for the seventh. */
export const numbered = (subset: string, index: number): string => `${subset}-${String(index + 1).padStart(2, '0')}`;

/** The names by which a pair can be asked for: `nmap`, `nmap-07`. */
export const aliasesOf = (from: string, to: string): string[] =>
  Object.entries(subsets).flatMap(([name, pairs]: [string, readonly Pair[]]) => {
    const places = pairs.flatMap((pair, index) => (pair[0] === from && pair[1] === to ? [index] : []));
    return places.length > 0 ? [name, ...places.map((index) => numbered(name, index))] : [];
  });

/** The recipient forms that nmap writes from the address literal. They have the shortest ids. */
export const nmapRecipients: ReadonlySet<string> = new Set(
  nmap.flatMap(([from, to]) => (from === 'literal' && to !== 'plain' ? [to] : [])),
);
