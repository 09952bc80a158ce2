/** Which client addresses are asked for: the places where trust begins and ends, and samples of everything between. */
import { type Family, lastOf, type Network, networkAround, sizeOf, widthOf } from './ip.ts';
import { scattered } from './random.ts';
import { specialNetworks } from './special-networks.ts';

/** An address in a network, always the same for the same number. */
export const sampleOf = (network: Network, number: number): bigint =>
  network.base + (scattered(network.base + BigInt(network.length), number) % sizeOf(network));

/** First and last address of a network, its neighbours on both sides, and some between. */
export function edgesOf(network: Network, samples = 2): bigint[] {
  const end = 1n << BigInt(widthOf(network.family));
  const last = lastOf(network);
  const around = [network.base - 1n, network.base, network.base + 1n, last - 1n, last, last + 1n];
  const between = Array.from({ length: samples }, (_, number) => sampleOf(network, number));
  return [...around, ...between].filter((value) => value >= 0n && value < end);
}

/**
 * Addresses whose text begins with that of a network and that lie outside of it: 198.19.10.x for 198.19.1.0/24. A rule
 * that compares texts takes them for the network's own.
 */
export function lookalikesOf(network: Network): bigint[] {
  const { family, base, length } = network;
  const partBits = family === 4 ? 8 : 16;
  const parts = Math.ceil(length / partBits);
  if (parts === 0) {
    return [];
  }
  const below = BigInt(widthOf(family) - parts * partBits);
  const part = (base >> below) & ((1n << BigInt(partBits)) - 1n);
  const radix = family === 4 ? 10 : 16;
  const text = part.toString(radix);
  const digits = [...'0123456789abcdef'.slice(0, radix)];
  // Two more digits of IPv4 are few enough to be asked for in full; of IPv6 the ends will do.
  const tails = [...digits, ...(family === 4 ? digits.flatMap((a) => digits.map((b) => a + b)) : ['00', 'ff', 'f0'])];
  return tails
    .map((tail) => text + tail)
    .filter((longer) => text !== '0' && Number.parseInt(longer, radix) < 1 << partBits)
    .map((longer) => {
      const first = ((base >> below) - part + BigInt(Number.parseInt(longer, radix))) << below;
      return first + (below === 0n ? 0n : scattered(first, 7) % (1n << below));
    });
}

/** Networks that are named: asked for with their edges and their look-alikes, as far as there are not too many. */
const NAMED = 300;
const LOOKALIKES = 40;

/** The addresses to begin with. `named` comes in the order of importance. */
export function firstAddresses(family: Family, named: readonly Network[]): bigint[] {
  const own = named.filter((network) => network.family === family);
  const parts = Array.from({ length: 256 }, (_, top) =>
    networkAround(BigInt(top) << BigInt(widthOf(family) - 8), 8, family),
  );
  return [
    ...new Set([
      ...own.slice(0, NAMED).flatMap((network) => edgesOf(network)),
      ...own.slice(0, LOOKALIKES).flatMap(lookalikesOf),
      ...specialNetworks(family).flatMap((network) => edgesOf(network, 3)),
      ...parts.map((network) => sampleOf(network, 0)),
    ]),
  ];
}

/** How many of the named networks are not asked for. */
export const leftOut = (family: Family, named: readonly Network[]): number =>
  Math.max(0, named.filter((network) => network.family === family).length - NAMED);

/** An address that differs from another in one bit each: they show how far around it the same rule reaches. */
export function flips(value: bigint, family: Family): bigint[] {
  return Array.from({ length: widthOf(family) }, (_, bit) => value ^ (1n << BigInt(bit)));
}
