/** Addresses in and around the networks that a configuration declares as trusted. */
import type { Policy } from '../containers/configurations/policy.ts';
import type { Scene } from '../suites/scene.ts';
import { addressToNumber, contains, lastOf, type Network, numberToAddress, parseNetwork, sizeOf } from './sweep/ip.ts';

type Which = Exclude<Scene['client'], undefined | `the-server-${string}`>;

export const isNearTrusted = (client: Scene['client']): client is Which =>
  client?.endsWith('-a-trusted-network') === true;

/**
 * An address in or just outside a declared network of a family: the first that has one which no other declared network
 * holds. Undefined if there is none.
 */
export function addressNear({ trusted }: Policy, family: 'ipv4' | 'ipv6', which: Which): string | undefined {
  const version = family === 'ipv6' ? 6 : 4;
  const networks = trusted.networks.map(parseNetwork).filter((one) => one.family === version);
  const isTrusted = (value: bigint) => networks.some((one) => contains(one, value));
  for (const network of networks) {
    // Neither network nor broadcast address, where there is room for another one.
    if (which === 'of-a-trusted-network') {
      return numberToAddress(sizeOf(network) > 2n ? lastOf(network) - 1n : network.base, version);
    }
    const value = outside(network, family, which);
    if (value !== undefined && value >= 0n && value < 1n << (version === 6 ? 128n : 32n) && !isTrusted(value)) {
      return numberToAddress(value, version);
    }
  }
  return undefined;
}

/** @throws Error if there is no such address; the attempt does not apply then */
export function trustedAddress(policy: Policy, family: 'ipv4' | 'ipv6', which: Which): string {
  const address = addressNear(policy, family, which);
  if (address === undefined) {
    throw new Error(`no ${family} network is declared as trusted that has an address ${which.replaceAll('-', ' ')}`);
  }
  return address;
}

function outside(network: Network, family: 'ipv4' | 'ipv6', which: Which): bigint | undefined {
  switch (which) {
    case 'just-below-a-trusted-network':
      return network.base - 1n;
    case 'just-above-a-trusted-network':
      return lastOf(network) + 1n;
    default: {
      const text = lookalike(numberToAddress(network.base, network.family), network.length, family);
      return text === undefined ? undefined : addressToNumber(text);
    }
  }
}

/** An address whose text begins as the network's does, and that lies elsewhere: 198.19.10.1 for 198.19.1.0/24. */
function lookalike(first: string, length: number, family: 'ipv4' | 'ipv6'): string | undefined {
  const [separator, width] = family === 'ipv6' ? [':', 16] : ['.', 8];
  const parts = first.split(separator);
  const last = Math.max(0, Math.ceil(length / width) - 1);
  const part = parts[last] ?? '0';
  const longer = ['0', '1', '2']
    .map((digit) => `${part}${digit}`)
    .find((text) => (family === 'ipv6' ? text.length <= 4 : Number(text) < 256));
  if (longer === undefined || part === '0') return undefined;
  parts[last] = longer;
  parts[parts.length - 1] = last === parts.length - 1 ? longer : '1';
  return parts.join(separator);
}
