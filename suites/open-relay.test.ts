import { describe, expect, test } from 'vitest';
import { openRelay } from './open-relay.ts';
import { isSweep, type Scene, scenesOf } from './scene.ts';

const sceneOf = ({ scene }: { scene: (typeof openRelay.attempts)[number]['scene'] }): Scene => {
  if (isSweep(scene)) throw new TypeError('a sweep');
  return scene;
};

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
    const alias = `nmap-${String(number).padStart(2, '0')}`;
    const found = openRelay.attempts.filter((attempt) => attempt.aliases.includes(alias));
    expect(found).toHaveLength(1);
    expect(found[0]?.scene).toMatchObject({ port: 25, rcptTo: to });
    expect(found[0] && sceneOf(found[0]).mailFrom).toEqual(
      typeof from === 'string' ? from : expect.stringMatching(from),
    );
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
    expect(new Set(scenesOf(nmap).map((scene) => `${scene.mailFrom} ${scene.rcptTo}`)).size).toBe(16);
  });
});
