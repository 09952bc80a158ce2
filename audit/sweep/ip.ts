/**
 * IP addresses and networks as numbers. Texts are as sendmail writes them in ${client_addr}: IPv6 uncompressed, eight
 * groups in lower-case hexadecimal without leading zeros (Debian compiles it with IPV6_FULL).
 */
import { isIPv4, isIPv6 } from 'node:net';

export type Family = 4 | 6;

/** A network in CIDR form; `base` has no bit set below the prefix. */
export type Network = { family: Family; base: bigint; length: number };

export const widthOf = (family: Family): number => (family === 4 ? 32 : 128);

/** How many addresses a network has. */
export const sizeOf = ({ family, length }: Network): bigint => 1n << BigInt(widthOf(family) - length);

export const lastOf = (network: Network): bigint => network.base + sizeOf(network) - 1n;

function groupsToNumber(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const parts = (side: string | undefined) =>
    side === undefined || side === ''
      ? []
      : side.split(':').flatMap((group) => {
          if (!group.includes('.')) {
            return [BigInt(`0x${group}`)];
          }
          const four = addressToNumber(group);
          return [four >> 16n, four & 0xffffn];
        });
  const [left, right] = [parts(head), parts(tail)];
  const all = [...left, ...new Array<bigint>(8 - left.length - right.length).fill(0n), ...right];
  return all.reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** @throws Error if the text is no address */
export function addressToNumber(text: string): bigint {
  if (isIPv4(text)) {
    return text.split('.').reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  }
  if (isIPv6(text) && !text.includes('%')) {
    return groupsToNumber(text);
  }
  throw new Error(`no IP address: ${text}`);
}

export const familyOf = (text: string): Family => (text.includes(':') ? 6 : 4);

export function numberToAddress(value: bigint, family: Family): string {
  const [bits, count] = family === 4 ? [8n, 4] : [16n, 8];
  const parts = Array.from(
    { length: count },
    (_, index) => (value >> (bits * BigInt(count - 1 - index))) & ((1n << bits) - 1n),
  );
  return family === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}

/** The network of that prefix length around an address. */
export function networkAround(value: bigint, length: number, family: Family): Network {
  const below = BigInt(widthOf(family) - length);
  return { family, base: (value >> below) << below, length };
}

/** Reads `203.0.113.0/24` or a single address; bits below the prefix are dropped. @throws Error if it is neither */
export function parseNetwork(text: string): Network {
  const [address = '', length] = text.split('/');
  const family = familyOf(address);
  const bits = length === undefined ? widthOf(family) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > widthOf(family)) {
    throw new Error(`no network: ${text}`);
  }
  return networkAround(addressToNumber(address), bits, family);
}

/** The longest run of zero groups of an IPv6 address as `::` (RFC 5952 4.2), for reading. */
export function shortAddress(value: bigint, family: Family): string {
  const full = numberToAddress(value, family);
  if (family === 4) {
    return full;
  }
  const zeros = full
    .split(':')
    .map((group) => (group === '0' ? '0' : '.'))
    .join('');
  const longest = (zeros.match(/0{2,}/g) ?? []).reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') {
    return full;
  }
  const groups = full.split(':');
  const at = zeros.indexOf(longest);
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + longest.length).join(':')}`;
}

export const networkText = ({ family, base, length }: Network): string => `${shortAddress(base, family)}/${length}`;

export const contains = (network: Network, value: bigint): boolean => value >= network.base && value <= lastOf(network);

const covers = (outer: Network, inner: Network): boolean =>
  outer.family === inner.family && outer.length <= inner.length && contains(outer, inner.base);

/** The part that two networks share: one lies in the other, or there is none. */
export function shared(a: Network, b: Network): Network | undefined {
  return covers(a, b) ? b : covers(b, a) ? a : undefined;
}

export function halves({ family, base, length }: Network): [Network, Network] {
  const low = { family, base, length: length + 1 };
  return [low, { ...low, base: base + sizeOf(low) }];
}

function without(network: Network, hole: Network): Network[] {
  if (covers(hole, network)) {
    return [];
  }
  return covers(network, hole) ? halves(network).flatMap((half) => without(half, hole)) : [network];
}

/** What is left of networks after others are taken out of them, in as few networks as can be. */
export function subtract(networks: readonly Network[], holes: readonly Network[]): Network[] {
  return merge(holes.reduce<Network[]>((left, hole) => left.flatMap((one) => without(one, hole)), [...networks]));
}

/** The same addresses in as few networks as can be, in the order of their addresses. */
export function merge(networks: readonly Network[]): Network[] {
  const sorted = [...networks].sort((a, b) => (a.base === b.base ? a.length - b.length : a.base < b.base ? -1 : 1));
  const merged: Network[] = [];
  for (const network of sorted) {
    const before = merged.at(-1);
    if (before && covers(before, network)) {
      continue;
    }
    merged.push(network);
    for (let [low, high] = merged.slice(-2); low && high; [low, high] = merged.slice(-2)) {
      const parent: Network = { ...low, length: low.length - 1 };
      if (low.length !== high.length || low.length === 0 || high.base !== low.base + sizeOf(low)) {
        break;
      }
      if (networkAround(low.base, parent.length, parent.family).base !== low.base) {
        break;
      }
      merged.splice(-2, 2, parent);
    }
  }
  return merged;
}
