/** Whether an attempt applies to a configuration: decided from what the configuration says, before anything is tried. */

import type { Policy } from '../containers/configurations/policy.ts';
import type { Listener, TargetFacts } from '../containers/target/target-facts.ts';
import { NOT_FOR_MODE, NOTHING_LISTENS } from '../reports/comparison/not-applicable.ts';
import type { AuthMode } from '../reports/model.ts';
import type { Attempt, Mechanism, Need } from '../suites/attempt.ts';
import { isSweep } from '../suites/scene.ts';
import { addressNear, isNearTrusted } from './trusted-address.ts';

/** SASL plug-in that provides a mechanism (libsasl2-modules); EXTERNAL is part of the library itself. */
const pluginOf: Record<Exclude<Mechanism, 'EXTERNAL'>, string> = {
  PLAIN: 'plain',
  LOGIN: 'login',
  'CRAM-MD5': 'crammd5',
  'DIGEST-MD5': 'digestmd5',
  'SCRAM-SHA-1': 'scram',
  'SCRAM-SHA-256': 'scram',
  ANONYMOUS: 'anonymous',
};

/** What users log in with. */
const usualMechanisms: readonly Mechanism[] = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'DIGEST-MD5',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
];

const plaintext: ReadonlySet<Mechanism> = new Set(['PLAIN', 'LOGIN']);

/** The daemon that answers; an inet6 one takes IPv4 as well where no other does. */
export function listenerOn(
  facts: { listeners: readonly Listener[] },
  port: number,
  family: 'ipv4' | 'ipv6',
): Listener | undefined {
  const there = facts.listeners.filter((listener) => listener.port === port);
  const own = family === 'ipv6' ? 'inet6' : 'inet';
  return there.find((listener) => listener.family === own) ?? there[0];
}

/** Whether the configuration can do TLS on a listener. */
function hasTls(facts: TargetFacts, listener: Listener): boolean {
  return facts.serverCertificate !== '' && !listener.modifiers.includes('S');
}

/** Why a mechanism is not offered on a listener over a channel; undefined if it is meant to be. */
function notOffered(mechanism: Mechanism, facts: TargetFacts, listener: Listener, tls: boolean): string | undefined {
  if (!facts.mechanisms.includes(mechanism)) {
    return `${mechanism} is not among AuthMechanisms`;
  }
  if (mechanism !== 'EXTERNAL' && !facts.saslPlugins.includes(pluginOf[mechanism])) {
    return `the SASL library has no ${mechanism}`;
  }
  if (listener.modifiers.includes('A')) {
    return `AUTH is not offered on port ${listener.port} (M=A)`;
  }
  const overTlsOnly = plaintext.has(mechanism) && facts.authOptions.includes('p');
  if (!tls && overTlsOnly) {
    return `${mechanism} is offered over TLS only (AuthOptions p)`;
  }
  // Where only TLS would do, a TLS that is missing locks the mechanism's users out, which must be seen.
  if (tls && !overTlsOnly && !hasTls(facts, listener)) {
    return `port ${listener.port} has no STARTTLS`;
  }
  return undefined;
}

/** Whether no listener offers any mechanism that users log in with, on whatever channel. */
const offersNothing = (facts: TargetFacts): boolean =>
  !facts.listeners.some((listener) =>
    usualMechanisms.some((mechanism) =>
      [true, false].some((tls) => notOffered(mechanism, facts, listener, tls) === undefined),
    ),
  );

/** What there is to try on a configuration. */
export type Ground = { mode: AuthMode; facts: TargetFacts; policy: Policy };

/** Why a configuration does not have what an attempt needs; undefined if it has. */
const lacks: Record<Exclude<Need, 'auth' | 'tls'>, (ground: Ground) => string | undefined> = {
  'outside-alias': ({ facts }) => (facts.outsideAliases.length > 0 ? undefined : 'no alias leads outside'),
  'outside-virtual-user': ({ facts }) =>
    facts.outsideVirtualUsers.length > 0 ? undefined : 'no virtual user leads outside',
  'relay-to': ({ policy }) => (policy.relayTo.length > 0 ? undefined : 'relayTo names no domain'),
  'trusted-networks': ({ policy }) =>
    policy.trusted.networks.length > 0 ? undefined : 'trusted.networks names no network',
  'refused-sender': ({ facts }) =>
    facts.refusedSenders.length > 0 ? undefined : 'the access map refuses no sender address',
  'refused-recipient': ({ facts }) =>
    facts.refusedRecipients.length > 0 ? undefined : 'the access map refuses no local recipient',
  'trusted-hosts': ({ policy }) => (policy.trusted.hosts.length > 0 ? undefined : 'trusted.hosts names no host'),
  procmail: ({ facts }) => (/procmail/.test(facts.localMailer) ? undefined : 'procmail does not deliver local mail'),
  'forward-files': ({ facts }) => (facts.readsForwardFiles ? undefined : 'the configuration reads no .forward files'),
  'log-following-writer': ({ facts }) =>
    facts.popWriterFollowsLog ? undefined : 'the POP-authorisation writer does not follow the log',
};

/** Whether an attempt with a trusted client has a network of its family. */
function noTrustedNetwork({ policy }: Ground, family: 'ipv4' | 'ipv6'): string | undefined {
  const there = policy.trusted.networks.some((network) => network.includes(':') === (family === 'ipv6'));
  return there ? undefined : `trusted.networks names no ${family === 'ipv6' ? 'IPv6' : 'IPv4'} network`;
}

/** Whether AUTH is offered anywhere: the modifier A of a daemon turns it off (doc/op/op.me, DaemonPortOptions). */
export const offersAuth = ({ listeners }: Pick<TargetFacts, 'listeners'>): boolean =>
  listeners.some(({ modifiers }) => !modifiers.includes('A'));

/** Why the attempt does not apply, in words; undefined if it does. */
export function doesNotApply(attempt: Attempt, ground: Ground): string | undefined {
  const { mode, facts } = ground;
  const { applies, scene, expected } = attempt;
  if (applies.modes && !applies.modes.includes(mode)) {
    return `${NOT_FOR_MODE} ${mode}`;
  }
  const { needs } = applies;
  if (needs !== undefined && needs !== 'auth' && needs !== 'tls') {
    const why = lacks[needs](ground);
    if (why !== undefined) {
      return why;
    }
  }
  if (isSweep(scene)) {
    return undefined;
  }
  const { client } = scene;
  if (isNearTrusted(client)) {
    const why = noTrustedNetwork(ground, scene.family);
    if (why !== undefined) {
      return why;
    }
    if (addressNear(ground.policy, scene.family, client) === undefined) {
      return `no network in trusted.networks has an address ${client.replaceAll('-', ' ')} that no other one holds`;
    }
  }
  const listener = listenerOn(facts, scene.port, scene.family);
  if (!listener) {
    // For a mail program that knows no other port, that is the answer.
    return attempt.client ? undefined : `${NOTHING_LISTENS} ${scene.port}`;
  }
  if (scene.family === 'ipv6' && !facts.listeners.some((one) => one.port === scene.port && one.family === 'inet6')) {
    return `${NOTHING_LISTENS} ${scene.port} over IPv6`;
  }
  // Where the mode has SMTP-AUTH and the configuration offers none at all, its users are locked out, which must be seen.
  if (applies.offered && !(attempt.core && expected === 'deliver' && offersNothing(facts))) {
    const why = notOffered(applies.offered, facts, listener, scene.tls);
    if (why !== undefined) {
      return why;
    }
  }
  if (needs === 'auth') {
    const offered = (mechanism: Mechanism) => notOffered(mechanism, facts, listener, scene.tls) === undefined;
    if (!usualMechanisms.some(offered)) {
      return `no AUTH mechanism that the clients know is offered on port ${scene.port}`;
    }
  }
  if ((needs === 'tls' || (scene.tls && expected === 'block')) && !hasTls(facts, listener)) {
    return `port ${scene.port} has no STARTTLS`;
  }
  return undefined;
}

/**
 * Whether an attempt that does not apply can be tried all the same, to compare it with a configuration to which it does:
 * the mode or a mechanism is all that is missing, and a server without it has an answer too.
 */
export function canBeTriedAnyway(attempt: Attempt, ground: Ground): boolean {
  const { modes: _, offered: __, ...applies } = attempt.applies;
  return doesNotApply({ ...attempt, applies }, ground) === undefined;
}

type DatabaseMap = TargetFacts['maps'][number];

/** Whether a map holds the addresses of POP logins, by its name or its path. */
export const holdsPopLogins = ({ name, path }: DatabaseMap): boolean => /drac|pop|relayers/i.test(`${name} ${path}`);

/** The mode that the compiled configuration amounts to, with the reasons. */
export function modeOf(facts: TargetFacts): { mode: AuthMode; reasons: string[] } {
  const reasons: string[] = [];
  const trusted = facts.trustedMechanisms.filter((mechanism) => facts.mechanisms.includes(mechanism));
  const auth = trusted.length > 0 && offersAuth(facts);
  if (auth) {
    reasons.push(`SMTP-AUTH: offers and trusts ${trusted.join(' ')}`);
  }
  const popMap = facts.maps.find(holdsPopLogins);
  if (popMap) {
    reasons.push(`POP before SMTP: looks clients up in ${popMap.type} ${popMap.path} (map ${popMap.name})`);
  }
  const mode = auth ? (popMap ? 'both' : 'smtp-auth') : popMap ? 'pop-before-smtp' : 'none';
  if (mode === 'none') {
    reasons.push(
      'no mechanism is both offered and trusted, and no map of POP logins is looked up: nobody outside may send',
    );
  }
  return { mode, reasons };
}
