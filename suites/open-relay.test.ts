import { describe, expect, test } from 'vitest';
import { planRun } from '../audit/plan.ts';
import { relayRules } from '../containers/configurations/controls/relay-rules.ts';
import { readControl } from '../containers/configurations/controls.ts';
import type { Attempt } from './attempt.ts';
import { recipients } from './open-relay/recipients.ts';
import { senders } from './open-relay/senders.ts';
import { openRelay } from './open-relay.ts';
import { isSweep, type Scene, scenesOf } from './scene.ts';

const { attempts } = openRelay;

const sceneOf = ({ scene }: { scene: Attempt['scene'] }): Scene => {
  if (isSweep(scene)) throw new TypeError('a sweep');
  return scene;
};

const pairOf = (attempt: Attempt) => `${sceneOf(attempt).mailFrom} ${sceneOf(attempt).rcptTo}`;

const numbered = (name: string, number: number) => `${name}-${String(number).padStart(2, '0')}`;

const nmap = attempts.filter((attempt) => attempt.aliases.includes('nmap'));

/**
 * The pairs of nmap's smtp-open-relay.nse, in its order: sender and recipient as they go over the wire. `{H}` is the
 * target's host name, `{I}` its address, `{E}` the outside domain.
 */
const pairs: [number, string | RegExp, string][] = [
  [1, '<>', '<{u}@{E}>'],
  // nmap writes from and to one outside domain; a sender in another is as much a stranger.
  [2, /^<\{u\}@\{[ES]\}>$/, '<{u}@{E}>'],
  [3, '<{u}@{H}>', '<{u}@{E}>'],
  [4, '<{u}@[{I}]>', '<{u}@{E}>'],
  [5, '<{u}@[{I}]>', '<{u}%{E}@[{I}]>'],
  [6, '<{u}@[{I}]>', '<{u}%{E}@{H}>'],
  [7, '<{u}@[{I}]>', '<"{u}@{E}">'],
  [8, '<{u}@[{I}]>', '<"{u}%{E}">'],
  [9, '<{u}@[{I}]>', '<{u}@{E}@[{I}]>'],
  [10, '<{u}@[{I}]>', '<"{u}@{E}"@[{I}]>'],
  [11, '<{u}@[{I}]>', '<{u}@{E}@{H}>'],
  [12, '<{u}@[{I}]>', '<@[{I}]:{u}@{E}>'],
  [13, '<{u}@[{I}]>', '<@{H}:{u}@{E}>'],
  [14, '<{u}@[{I}]>', '<{E}!{u}>'],
  [15, '<{u}@[{I}]>', '<{E}!{u}@[{I}]>'],
  [16, '<{u}@[{I}]>', '<{E}!{u}@{H}>'],
];

describe('nmap’s sixteen pairs', () => {
  test('are sixteen, on port 25, without TLS, credentials or anything else', () => {
    expect(nmap).toHaveLength(16);
    for (const scene of scenesOf(nmap)) {
      expect(scene).toEqual({
        family: 'ipv4',
        port: 25,
        tls: false,
        destination: 'sink',
        mailFrom: scene.mailFrom,
        rcptTo: scene.rcptTo,
      });
    }
  });

  test.each(pairs)('%i: %s to %s, with its number as an alias, and on port 587 as well', (number, from, to) => {
    const alias = numbered('nmap', number);
    const found = attempts.filter((attempt) => attempt.aliases.includes(alias));
    expect(found).toHaveLength(1);
    expect(found[0]?.scene).toMatchObject({ port: 25, rcptTo: to });
    expect(found[0] && sceneOf(found[0]).mailFrom).toEqual(
      typeof from === 'string' ? from : expect.stringMatching(from),
    );
    const other = attempts.find((attempt) => attempt.id === `${found[0]?.id}-submission`);
    expect(other?.scene).toEqual({ ...found[0]?.scene, port: 587 });
    expect(other?.aliases).toEqual([]);
  });

  test('stand in nmap’s order', () => {
    expect(nmap.map(({ aliases }) => aliases.filter((alias) => alias.startsWith('nmap')))).toEqual(
      pairs.map(([number]) => ['nmap', numbered('nmap', number)]),
    );
  });

  test('are told apart by their addresses', () => {
    expect(new Set(nmap.map(pairOf)).size).toBe(16);
  });
});

const stranger = '<{u}@{E}>';
const nobody = '<>';
const host = '<{u}@{H}>';
const literal = '<{u}@[{I}]>';

/** The other testers' pairs, in the order of each, written out: sender and recipient. */
const published: Record<string, [string, string][]> = {
  // nmap's, but for the fourth, whose recipient is the target's own literal.
  metasploit: pairs.map(([number, from, to]) => [
    typeof from === 'string' ? from : stranger,
    number === 4 ? '<{u}@[{I}]>' : to,
  ]),
  'abuse.net': [
    [stranger, '<{u}@{E}>'],
    ['<{u}>', '<{u}@{E}>'],
    [nobody, '<{u}@{E}>'],
    [host, '<{u}@{E}>'],
    [literal, '<{u}@{E}>'],
    [host, '<{u}%{E}@{H}>'],
    [host, '<{u}%{E}@[{I}]>'],
    [host, '<"{u}@{E}">'],
    [host, '<"{u}%{E}">'],
    [host, '<{u}@{E}@{H}>'],
    [host, '<"{u}@{E}"@{H}>'],
    [host, '<{u}@{E}@[{I}]>'],
    [host, '<@{H}:{u}@{E}>'],
    [host, '<@[{I}]:{u}@{E}>'],
    [host, '<{E}!{u}>'],
    [host, '<{E}!{u}@{H}>'],
    [host, '<{E}!{u}@[{I}]>'],
  ],
  openvas: [
    [stranger, '<{u}@{E}>'],
    ['<{u}@nonexistent.{E}>', '<{u}@{E}>'],
    ['<{u}@localhost>', '<{u}@{E}>'],
    ['<{u}>', '<{u}@{E}>'],
    [nobody, '<{u}@{E}>'],
    [nobody, '<{u}@{E}>'],
    [host, '<{u}@{E}>'],
    [literal, '<{u}@{E}>'],
    [host, '<{u}%{E}@{H}>'],
    [host, '<{u}%{E}@[{I}]>'],
    [host, '<{u}@{E}@{H}>'],
    [host, '<"{u}@{E}"@[{I}]>'],
    [host, '<{u}@{E}@[{I}]>'],
    [literal, '<@{H}:{u}@{E}>'],
    [host, '<@[{I}]:{u}@{E}>'],
    [host, '<{E}!{u}@[{I}]>'],
    ['<postmaster@{H}>', '<{u}@{E}>'],
  ],
};
published.nessus = (published.openvas ?? []).filter(([, to]) => !to.includes('%'));

describe.each(Object.entries(published))('the pairs of %s', (name, list) => {
  test('are what stands here, each under its number and under the name of all, on port 25', () => {
    const found = list.map((_, index) =>
      attempts.filter(({ aliases }) => aliases.includes(numbered(name, index + 1)) && aliases.includes(name)),
    );
    expect(found.map((those) => those.map(pairOf))).toEqual(list.map((pair) => [pair.join(' ')]));
    expect(new Set(found.flat().map(({ scene }) => !isSweep(scene) && scene.port))).toEqual(new Set([25]));
  });

  test('are no more than that', () => {
    const ids = attempts.filter(({ aliases }) => aliases.includes(name));
    expect(ids).toHaveLength(new Set(list.map(String)).size);
    const numbers = ids.flatMap(({ aliases }) => aliases.filter((alias) => alias.startsWith(`${name}-`)));
    expect(numbers.toSorted()).toEqual(list.map((_, index) => numbered(name, index + 1)));
  });
});

test.each([
  ['metasploit', 16, 16],
  ['abuse.net', 17, 17],
  ['openvas', 17, 16],
  ['nessus', 15, 14],
])('%s has %i pairs, %i of them distinct', (name, all, distinct) => {
  expect(published[name]).toHaveLength(all);
  expect(attempts.filter(({ aliases }) => aliases.includes(name))).toHaveLength(distinct);
});

describe('the product', () => {
  const usual = attempts.filter(({ scene }) => !isSweep(scene) && scene.session === undefined);
  const made = (family: string, port: number) =>
    new Set(usual.filter(({ scene }) => !isSweep(scene) && scene.family === family && scene.port === port).map(pairOf));
  const wanted = senders.flatMap(({ from }) => recipients.map(({ to }) => `${from} ${to}`));

  test('has the twelve senders and all recipients, told apart', () => {
    expect(new Set(senders.map(({ from }) => from)).size).toBe(12);
    expect(new Set(recipients.map(({ to }) => to)).size).toBe(recipients.length);
    expect(recipients.length).toBeGreaterThanOrEqual(35);
  });

  test.each([25, 587])('has every pair on port %i', (port) => {
    expect(wanted.filter((pair) => !made('ipv4', port).has(pair))).toEqual([]);
  });

  test('has each sender and each recipient once over IPv6', () => {
    const six = [...made('ipv6', 25)];
    expect(senders.filter(({ from }) => !six.some((pair) => pair.startsWith(`${from} `)))).toEqual([]);
    expect(recipients.filter(({ to }) => !six.some((pair) => pair.endsWith(` ${to}`)))).toEqual([]);
    expect(made('ipv6', 587)).toEqual(new Set(['<{u}@{E}> <{u}@{E}>']));
  });

  test('is stood for by each form once on each port, and by all published pairs, in about two hundred attempts', () => {
    for (const port of [25, 587]) {
      const standing = usual.filter((one) => sceneOf(one).port === port && !one.ofProduct).map(pairOf);
      expect(senders.filter(({ from }) => !standing.some((pair) => pair.startsWith(`${from} `)))).toEqual([]);
      expect(recipients.filter(({ to }) => !standing.some((pair) => pair.endsWith(` ${to}`)))).toEqual([]);
    }
    expect(attempts.filter((one) => one.ofProduct && one.aliases.length > 0)).toEqual([]);
    expect(attempts.filter((one) => !one.ofProduct && !one.noControl).length).toBeLessThan(250);
  });
});

test('ids that pipelines may name have not changed', () => {
  const ids = new Set(attempts.map(({ id }) => id));
  const names = ['null-sender', 'outside-sender', 'host-sender', 'literal-sender', 'percent-hack-literal']
    .concat(['percent-hack-host', 'quoted', 'quoted-percent', 'double-at-literal', 'quoted-at-literal'])
    .concat(['double-at-host', 'source-route-literal', 'source-route-host', 'bang-path', 'bang-path-literal'])
    .concat(['bang-path-host', 'outside-sender-ipv6'])
    .flatMap((name) => [name, `${name}-submission`])
    .concat(['to-com', 'to-net', 'to-org', 'to-country']);
  expect(names.filter((name) => !ids.has(`open-relay/${name}`))).toEqual([]);
});

test('every attempt is a stranger’s: blocked, at the highest level, with no credential', () => {
  for (const { id, expected, level, effect, applies, scene } of attempts) {
    expect({ id, expected, level, effect }).toEqual({ id, expected: 'block', level: 'must', effect: 'leak' });
    expect([id, applies.modes, applies.offered]).toEqual([id, undefined, undefined]);
    const { auth, pop, session = [] } = sceneOf({ scene });
    expect([id, auth, pop, session.filter((step) => step.do === 'auth' || step.do === 'pop')]).toEqual([
      id,
      undefined,
      undefined,
      [],
    ]);
  }
});

test('recipients under several top-level domains are tried', () => {
  const ends = scenesOf(attempts).map(({ rcptTo }) => /\{(com|net|org|country)\}/.exec(rcptTo)?.[1]);
  expect(ends.filter(Boolean)).toEqual(['com', 'net', 'org', 'country']);
});

test('whoever names the controls sees every form of the product flagged by one of them', async () => {
  const configurations = await Promise.all(relayRules.map(readControl));
  const { configurations: planned } = planRun(configurations, [openRelay], [openRelay], { wholeProducts: true });
  const flagged = new Set(planned.flatMap(({ detectedBy }) => detectedBy));
  const never = attempts.filter(({ id, noControl }) => noControl === undefined && !flagged.has(id));
  expect(never.map(({ id }) => id)).toEqual([]);
});
