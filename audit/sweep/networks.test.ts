import { expect, test } from 'vitest';
import { addressToNumber, contains, type Family, networkText, numberToAddress, parseNetwork } from './ip.ts';
import { exampleOf, NetworkFinder } from './networks.ts';
import { edgesOf, firstAddresses, lookalikesOf } from './questions.ts';

const textOf = (family: Family) => (value: bigint) => numberToAddress(value, family);

/** Finds what a rule lets relay; `named` is what the configuration's files name. */
async function found(
  family: Family,
  relays: (text: string, value: bigint) => boolean,
  named: string[] = [],
  exempt: string[] = [],
) {
  let asked = 0;
  const networks = named.map(parseNetwork);
  const finder = new NetworkFinder({
    family,
    first: firstAddresses(family, networks),
    exempt: new Set(exempt.map(addressToNumber)),
    named: networks,
    ask: (values) => {
      asked += values.length;
      return Promise.resolve(values.map((value) => relays(textOf(family)(value), value)));
    },
  });
  const { relaying, brokenOff } = await finder.find();
  return { networks: relaying.map(networkText), asked, brokenOff };
}

const within =
  (...networks: string[]) =>
  (_: string, value: bigint) =>
    networks.some((network) => contains(parseNetwork(network), value));

test('nothing relays', async () => {
  const { networks, asked } = await found(4, () => false);
  expect(networks).toEqual([]);
  expect(asked).toBeLessThan(800);
});

test('everything relays', async () => {
  expect((await found(4, () => true)).networks).toEqual(['0.0.0.0/0']);
  expect((await found(6, () => true)).networks).toEqual(['::/0']);
});

test('everything relays, except where nobody is asked', async () => {
  const rule = (text: string) => text !== '127.0.0.1' && text !== '198.18.0.16';
  expect((await found(4, rule, [], ['127.0.0.1', '198.18.0.16'])).networks).toEqual(['0.0.0.0/0']);
});

test.each([
  ['203.0.113.0/24'],
  ['203.0.113.64/26'],
  ['203.0.113.7/32'],
  ['198.18.0.0/15'],
  ['203.0.0.0/8'.replace('203', '204')],
])('a network that the files name is found exactly: %s', async (network) => {
  expect((await found(4, within(network), [network])).networks).toEqual([network]);
});

test.each([
  [4, '100.64.0.0/10'],
  [4, '10.0.0.0/8'],
  [4, '192.168.0.0/16'],
  [4, '128.0.0.0/2'],
  [4, '44.0.0.0/9'],
  [6, 'fc00::/7'],
  [6, '2001:db8::/32'],
  [6, '2000::/3'],
] as const)('a network that no file names is found from a sample in it: %s', async (family, network) => {
  const { networks, asked } = await found(family, within(network));
  expect(networks).toEqual([network]);
  expect(asked).toBeLessThan(2500);
});

test('several networks, a hole and a neighbour', async () => {
  const rule = (text: string, value: bigint) =>
    within('10.0.0.0/8', '203.0.112.0/24', '203.0.113.0/24')(text, value) && !within('10.1.0.0/16')(text, value);
  const { networks } = await found(4, rule, ['10.0.0.0/8', '10.1.0.0/16', '203.0.112.0/24', '203.0.113.0/24']);
  expect(networks).toEqual([
    '10.0.0.0/16',
    '10.2.0.0/15',
    '10.4.0.0/14',
    '10.8.0.0/13',
    '10.16.0.0/12',
    '10.32.0.0/11',
    '10.64.0.0/10',
    '10.128.0.0/9',
    '203.0.112.0/23',
  ]);
});

test('a rule that compares texts: 198.19.1 also trusts 198.19.10 to 198.19.19, and 198.19.100 to 198.19.199', async () => {
  const { networks } = await found(4, (text) => text.startsWith('198.19.1'), ['198.19.1.0/24']);
  expect(networks).toContain('198.19.1.0/24');
  expect(networks).toContain('198.19.10.0/23');
  expect(networks).toContain('198.19.128.0/18');
  expect(networks).not.toContain('198.19.2.0/24');
});

test('a pattern that is no set of networks is given up, and that is said', async () => {
  const { brokenOff } = await found(4, (_, value) => value % 3n === 0n);
  expect(brokenOff).toBe(true);
});

test('no answer is neither yes nor no', async () => {
  const finder = new NetworkFinder({
    family: 4,
    first: [1n, 2n],
    exempt: new Set(),
    named: [],
    ask: (values) => Promise.resolve(values.map(() => undefined)),
  });
  expect((await finder.find()).relaying).toEqual([]);
});

test('edges lie on both sides, and inside the space', () => {
  const texts = edgesOf(parseNetwork('203.0.113.0/24')).map(textOf(4));
  expect(texts).toEqual(expect.arrayContaining(['203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0']));
  expect(edgesOf(parseNetwork('0.0.0.0/0')).every((value) => value >= 0n && value < 1n << 32n)).toBe(true);
});

test('look-alikes begin with the same characters and lie elsewhere', () => {
  const network = parseNetwork('198.19.1.0/24');
  const texts = lookalikesOf(network).map(textOf(4));
  expect(texts).toHaveLength(110);
  expect(texts.every((text) => text.startsWith('198.19.1') && !text.startsWith('198.19.1.'))).toBe(true);
  expect(lookalikesOf(parseNetwork('2001:db8::/32')).map(textOf(6))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^2001:db80:/)]),
  );
});

test('the example is an ordinary address of the network', () => {
  const network = parseNetwork('0.0.0.0/0');
  const relaying = ['0.0.0.0', '10.0.0.255', '127.3.3.3', '203.0.113.9', '255.255.255.255'].map(addressToNumber);
  expect(textOf(4)(exampleOf(network, relaying, [parseNetwork('127.0.0.0/8')]))).toBe('203.0.113.9');
  expect(textOf(4)(exampleOf(parseNetwork('203.0.113.7/32'), [], []))).toBe('203.0.113.7');
});
