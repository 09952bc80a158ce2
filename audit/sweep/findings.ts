/** What a sweep finds, in data and in words. */
import { because, type Cause } from './causes.ts';

export type SweepOf = 'ipv4' | 'ipv6' | 'domains' | 'hosts';

/** Somebody who may relay, or some domain that is relayed to, without a declaration. */
export type Finding = {
  kind: 'network' | 'domain' | 'host';
  /** A network in CIDR form, or a domain or host name; `*.` before it: names below it only; `*`: any. */
  what: string;
  cause?: Cause;
  words: string;
  /** What a real message said about the example. */
  confirmed?: 'relayed' | 'refused' | 'not-tried';
  /** An address to send from, a domain to send to, or a host name to come from. */
  example: string;
};

/** Trust that is declared and does not work. */
export type Missing = { what: string; words: string };

export type SweepResult = {
  findings: Finding[];
  missing: Missing[];
  /** Questions that the target's rules were asked. */
  asked: number;
  /** Questions that were answered neither yes nor no. The sweep shows nothing about those. */
  unanswered: number;
  durationMs: number;
  /** What limits the result. */
  notes: string[];
};

/** How much of a name's tree relays. */
export type Reach = { self: boolean; below: boolean };

export const ANY = '*';

/** `partner.example`, or `*.partner.example` where only names below it are meant. */
export const whatOf = (name: string, { self }: Reach): string => (self ? name : `*.${name}`);

function reachInWords(name: string, { self, below }: Reach): string {
  return self ? (below ? `${name} or below it` : name) : `below ${name}`;
}

const withCause = (cause: Cause | undefined) => (cause ? { cause } : {});

/** How many holes are named one by one. */
const HOLES = 3;

function butNot(holes: readonly string[]): string {
  const more = holes.length > HOLES ? ` and ${holes.length - HOLES} more` : '';
  return holes.length > 0 ? ` (but not ${holes.slice(0, HOLES).join(', ')}${more})` : '';
}

/** `holes`: networks inside that may not relay, or are declared. */
export function networkFinding(
  what: string,
  holes: readonly string[],
  example: string,
  cause: Cause | undefined,
): Finding {
  return {
    kind: 'network',
    what,
    example,
    ...withCause(cause),
    words: `${what}${butNot(holes)} may relay, undeclared, ${because(cause)}`,
  };
}

export function domainFinding(name: string, reach: Reach, example: string, cause: Cause | undefined): Finding {
  const to = name === ANY ? 'any domain' : `${reach.self ? '' : 'domains '}${reachInWords(name, reach)}`;
  return {
    kind: 'domain',
    what: name === ANY ? ANY : whatOf(name, reach),
    example,
    ...withCause(cause),
    words: `mail to ${to} is relayed for anybody, undeclared, ${because(cause)}`,
  };
}

export function hostFinding(name: string, reach: Reach, example: string, cause: Cause | undefined): Finding {
  const from =
    name === ANY ? 'any client whose name is verified' : `a client whose verified name is ${reachInWords(name, reach)}`;
  return {
    kind: 'host',
    what: name === ANY ? ANY : whatOf(name, reach),
    example,
    ...withCause(cause),
    words: `${from} may relay, undeclared, ${because(cause)}`,
  };
}

/** A name that need not even be the client's: its forward name does not lead back to its address. */
export function forgedFinding(name: string, cause: Cause | undefined): Finding {
  return {
    kind: 'host',
    what: `${name} (forged)`,
    example: name,
    ...withCause(cause),
    words: `a client that only claims to be ${name} in reverse DNS may relay, ${because(cause)}`,
  };
}

/** `holes`: networks inside that may relay, or are refused on purpose. */
export const missingNetwork = (what: string, holes: readonly string[]): Missing => ({
  what,
  words: `${what}${butNot(holes)} is declared as trusted (trusted.networks), and may not relay`,
});

export const missingHost = (what: string): Missing => ({
  what,
  words: `${what} is declared as trusted (trusted.hosts), and a client of that name may not relay`,
});

export const missingDomain = (what: string): Missing => ({
  what,
  words: `${what} is declared in relayTo, and mail to it is not relayed for a stranger`,
});
