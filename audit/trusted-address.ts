/** Addresses in and around the networks that a configuration declares as trusted. */
import { isIPv6 } from 'node:net';
import type { Policy } from '../containers/configurations/policy.ts';
import { groupsOf } from '../containers/lab/agent/zone.ts';
import type { Scene } from '../suites/scene.ts';

const bits = (address: string) => (isIPv6(address) ? 128 : 32);

function toNumber(address: string): bigint {
  return isIPv6(address)
    ? BigInt(
        `0x${groupsOf(address)
          .map((group) => group.padStart(4, '0'))
          .join('')}`,
      )
    : address.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function toAddress(value: bigint, family: 'ipv4' | 'ipv6'): string {
  const [width, length] = family === 'ipv6' ? [16n, 8] : [8n, 4];
  const parts = Array.from(
    { length },
    (_, index) => (value >> (width * BigInt(length - 1 - index))) & ((1n << width) - 1n),
  );
  return family === 'ipv6' ? parts.map((part) => part.toString(16)).join(':') : parts.join('.');
}

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
  const network = trusted.networks.find((one) => isIPv6(one.split('/')[0] ?? '') === (family === 'ipv6'));
  if (network === undefined) {
    throw new Error(`no ${family} network is declared as trusted`);
  }
  const [base = '', length = ''] = network.split('/');
  const size = 1n << BigInt(bits(base) - Number(length));
  const first = (toNumber(base) / size) * size;
  switch (which) {
    case 'of-a-trusted-network':
      // Neither network nor broadcast address, where there is room for another one.
      return toAddress(size > 2n ? first + size - 2n : first, family);
    case 'just-below-a-trusted-network':
      return toAddress(first - 1n, family);
    case 'just-above-a-trusted-network':
      return toAddress(first + size, family);
    case 'like-a-trusted-network':
      return lookalike(toAddress(first, family), Number(length), family);
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
