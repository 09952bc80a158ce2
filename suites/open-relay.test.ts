import { describe, expect, test } from 'vitest';
import { openRelay } from './open-relay.ts';

const nmap = openRelay.attempts.filter((attempt) => attempt.aliases.includes('nmap'));

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
    for (const { scene } of nmap) {
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
    const alias = `nmap-${String(number).padStart(2, '0')}`;
    const found = openRelay.attempts.filter((attempt) => attempt.aliases.includes(alias));
    expect(found).toHaveLength(1);
    expect(found[0]?.scene).toMatchObject({ port: 25, rcptTo: to });
    expect(found[0]?.scene.mailFrom).toEqual(typeof from === 'string' ? from : expect.stringMatching(from));
    const other = openRelay.attempts.find((attempt) => attempt.id === `${found[0]?.id}-submission`);
    expect(other?.scene).toEqual({ ...found[0]?.scene, port: 587 });
    expect(other?.aliases).toEqual([]);
  });

  test('stand in nmap’s order', () => {
    expect(nmap.map((attempt) => attempt.aliases)).toEqual(
      pairs.map(([number]) => ['nmap', `nmap-${String(number).padStart(2, '0')}`]),
    );
  });

  test('are told apart by their addresses', () => {
    expect(new Set(nmap.map(({ scene }) => `${scene.mailFrom} ${scene.rcptTo}`)).size).toBe(16);
  });
});

test('every open-relay attempt is a stranger’s: blocked, whatever the mode', () => {
  for (const { id, expected, level, effect, applies, scene } of openRelay.attempts) {
    expect({ id, expected, level, effect, applies }).toEqual({
      id,
      expected: 'block',
      level: 'must',
      effect: 'leak',
      applies: {},
    });
    expect([id, scene.auth, scene.pop]).toEqual([id, undefined, undefined]);
  }
});

test('recipients under several top-level domains, and clients of both families, are tried', () => {
  const ends = openRelay.attempts.map(({ scene }) => /\{(com|net|org|country)\}/.exec(scene.rcptTo)?.[1]);
  expect(ends.filter(Boolean)).toEqual(['com', 'net', 'org', 'country']);
  const six = openRelay.attempts.filter(({ scene }) => scene.family === 'ipv6');
  expect(six.map(({ scene }) => scene.port)).toEqual([25, 587]);
});
