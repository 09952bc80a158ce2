/** Addresses in and around the networks that a configuration declares as trusted. */
import type { Policy } from '../containers/configurations/policy.ts';
import type { Scene } from '../suites/scene.ts';
import { lastOf, numberToAddress, parseNetwork, sizeOf } from './sweep/ip.ts';

/**
 * An address in or just outside the first declared network of a family.
 *
 * @throws Error if no network of the family is declared, or none lies there
 */
export function trustedAddress(
  { trusted }: Policy,
  family: 'ipv4' | 'ipv6',
  which: Exclude<Scene['client'], undefined | `the-server-${string}`>,
): string {
  const version = family === 'ipv6' ? 6 : 4;
  const network = trusted.networks.map(parseNetwork).find((one) => one.family === version);
  if (network === undefined) {
    throw new Error(`no ${family} network is declared as trusted`);
  }
  const address = (value: bigint) => numberToAddress(value, version);
  switch (which) {
    case 'of-a-trusted-network':
      // Neither network nor broadcast address, where there is room for another one.
      return address(sizeOf(network) > 2n ? lastOf(network) - 1n : network.base);
    case 'just-below-a-trusted-network':
      return address(network.base - 1n);
    case 'just-above-a-trusted-network':
      return address(lastOf(network) + 1n);
    case 'like-a-trusted-network':
      return lookalike(address(network.base), network.length, family);
  }
}

/** An address whose text begins as the network's does, and that lies elsewhere: 198.19.10.1 for 198.19.1.0/24. */
function lookalike(first: string, length: number, family: 'ipv4' | 'ipv6'): string {
  const [separator, width] = family === 'ipv6' ? [':', 16] : ['.', 8];
  const parts = first.split(separator);
  const last = Math.max(0, Math.ceil(length / width) - 1);
  const part = parts[last] ?? '0';
  const longer = ['0', '1', '2']
    .map((digit) => `${part}${digit}`)
    .find((text) => (family === 'ipv6' ? text.length <= 4 : Number(text) < 256));
  if (longer === undefined || part === '0') {
    throw new Error(`no address outside ${first}/${length} begins with the same characters`);
  }
  parts[last] = longer;
  parts[parts.length - 1] = last === parts.length - 1 ? longer : '1';
  return parts.join(separator);
}
