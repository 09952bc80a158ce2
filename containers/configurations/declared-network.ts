/** Networks as somebody declares them in `relayproof.yaml`. */
import { isIPv4, isIPv6 } from 'node:net';
import {
  addressToNumber,
  familyOf,
  merge,
  type Network,
  networkAround,
  networkText,
  widthOf,
} from '../../audit/sweep/ip.ts';

export type DeclaredNetwork = { network: Network; text: string };
export type Mistake = { mistake: string };

const EXPECTED = 'expected a network like 203.0.113.0/24 or 2001:db8::/32, or an address';

const mappedPrefix = 0xffffn << 32n;

/** What somebody may have meant who wrote no network. */
function meant(text: string): string {
  const netmask = /^(\d+\.\d+\.\d+\.\d+)\/(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (netmask?.[1] && netmask[2] && isIPv4(netmask[1]) && isIPv4(netmask[2])) {
    const bits = addressToNumber(netmask[2]).toString(2).padStart(32, '0');
    return /^1*0*$/.test(bits)
      ? `: for that netmask write ${netmask[1]}/${bits.indexOf('0') < 0 ? 32 : bits.indexOf('0')}`
      : '';
  }
  const prefix = /^(\d+(?:\.\d+){0,2})\.?$/.exec(text)?.[1];
  if (prefix) {
    const octets = prefix.split('.');
    const network = [...octets, '0', '0', '0'].slice(0, 4).join('.');
    return isIPv4(network) ? `: what an access map writes as ${text} is ${network}/${octets.length * 8} here` : '';
  }
  if (/^ipv6:/i.test(text)) {
    return ': without "IPv6:" in front of it';
  }
  return /[a-z]/i.test(text) && !text.includes(':') ? ': names belong into trusted.hosts' : '';
}

/** Reads a network, or a single address as the network that it is alone in. */
export function readDeclaredNetwork(text: string): DeclaredNetwork | Mistake {
  const [address = '', prefix, ...more] = text.split('/');
  const isAddress = isIPv4(address) || (isIPv6(address) && !address.includes('%'));
  if (!isAddress || more.length > 0 || (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix))) {
    return { mistake: `${EXPECTED}${meant(text)}` };
  }
  const family = familyOf(address);
  const width = widthOf(family);
  const length = prefix === undefined ? width : Number(prefix);
  const value = addressToNumber(address);
  if (length > width) {
    return { mistake: `${EXPECTED}: an IPv${family} prefix has at most ${width} bits` };
  }
  if (length === 0) {
    return { mistake: `${text} is everybody, and whoever trusts everybody is an open relay` };
  }
  const network = networkAround(value, length, family);
  if (family === 6 && value >> 32n === mappedPrefix >> 32n && length >= 96) {
    const mapped = networkText(networkAround(value & 0xffffffffn, length - 96, 4));
    return { mistake: `sendmail sees such a client by its IPv4 address: write ${mapped}` };
  }
  if (network.base !== value) {
    const alone = `${address}/${width}`;
    return {
      mistake: `${text} has bits set behind its prefix: the network is ${networkText(network)}, the address alone ${alone}`,
    };
  }
  return { network, text: `${address}/${length}` };
}

/** The family of which the networks together leave nothing out. */
export function wholeFamily(networks: readonly Network[]): 4 | 6 | undefined {
  return ([4, 6] as const).find((family) =>
    merge(networks.filter((network) => network.family === family)).some(({ length }) => length === 0),
  );
}
