import { expect, test } from 'vitest';
import { parseNetwork } from './ip.ts';
import { compareNetworks } from './network-findings.ts';

const line = (text: string, number: number) => ({ file: 'access', line: number, text });

function compare(relaying: string[], declared: string[], granted: string[], refused: string[] = []) {
  const keyed = (networks: string[]) =>
    networks.map((network, index) => ({ network: parseNetwork(network), cause: line(network, index + 1) }));
  const { findings, missing, notes } = compareNetworks({
    relaying: relaying.map(parseNetwork),
    declared: declared.map(parseNetwork),
    granted: keyed(granted),
    refused: keyed(refused),
    exampleIn: (network) => network.base + 1n,
    causeOf: () => undefined,
  });
  return {
    findings: findings.map(
      ({ what, cause, words }) => `${what} ${cause?.line ?? '-'}${words.includes('but not') ? ' with holes' : ''}`,
    ),
    missing: missing.map(({ what }) => what),
    notes,
  };
}

test('what is declared is no finding, and what is left of a line is', () => {
  expect(compare(['203.0.113.0/24'], ['203.0.113.0/24'], ['203.0.113.0/24']).findings).toEqual([]);
  expect(compare(['203.0.113.0/24'], ['203.0.113.0/25'], ['203.0.113.0/24']).findings).toEqual(['203.0.113.128/25 1']);
  expect(compare(['203.0.113.0/24'], ['203.0.113.64/26'], ['203.0.113.0/24']).findings).toEqual([
    '203.0.113.0/24 1 with holes',
  ]);
});

test('each line has a finding of its own, although their networks touch', () => {
  expect(compare(['198.18.0.0/15'], [], ['198.18.0.0/16', '198.19.0.0/16']).findings).toEqual([
    '198.18.0.0/16 1',
    '198.19.0.0/16 2',
  ]);
});

test('a network without a line is a finding too', () => {
  expect(compare(['0.0.0.0/0'], ['10.0.0.0/8'], []).findings).toEqual(['0.0.0.0/0 - with holes']);
});

test('what is declared and does not relay is missing', () => {
  expect(compare(['203.0.113.0/25'], ['203.0.113.0/24', '10.0.0.0/8'], []).missing).toEqual([
    '203.0.113.128/25',
    '10.0.0.0/8',
  ]);
});

test('a refused host in a declared network is meant; a refused network that is declared is missing', () => {
  const relaying = ['203.0.113.0/25', '203.0.113.128/26', '203.0.113.192/27'];
  const inside = compare(relaying, ['203.0.113.0/24'], [], ['203.0.113.224/27']);
  expect(inside.missing).toEqual([]);
  expect(inside.notes).toHaveLength(1);
  expect(compare([], ['203.0.113.0/24'], [], ['203.0.113.0/24']).missing).toEqual(['203.0.113.0/24']);
  // Nobody there may relay: the refused host is not the reason.
  expect(compare([], ['203.0.113.0/24'], [], ['203.0.113.66/32']).missing).toEqual(['203.0.113.0/24']);
});

test('several pieces of a declared network that do not work are one line', () => {
  const relaying = ['203.0.113.64/26'];
  expect(compare(relaying, ['203.0.113.0/24'], []).missing).toEqual(['203.0.113.0/24']);
});
