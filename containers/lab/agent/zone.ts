/** The lab's DNS content: what names and addresses exist, as seen by one target. Pure, so that it can be tested. */
import { isIPv6 } from 'node:net';
import type { LabLayout, TargetNames } from './protocol.ts';

export type ZoneRecord =
  | { type: 'A' | 'AAAA' | 'PTR' | 'NS'; data: string }
  | { type: 'MX'; preference: number; exchange: string };

/** `failure`: the question gets no answer for now (SERVFAIL). */
export type ZoneAnswer = { exists: boolean; records: ZoneRecord[]; failure?: true };

/** Names of client addresses: forward and reverse agree, so that no attempt is decided by a missing PTR. */
const CLIENT_ZONE = 'clients.example';
const clientName4 = /^host-(\d+)-(\d+)-(\d+)-(\d+)\.clients\.example$/;
const clientName6 = /^host-((?:[0-9a-f]{1,4}-){7}[0-9a-f]{1,4})\.clients\.example$/;

/** Expands an IPv6 address to its eight groups without leading zeros. */
export function groupsOf(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}

/** The host name that an address of the lab has in reverse DNS. */
export function clientName(address: string): string {
  const parts = isIPv6(address) ? groupsOf(address) : address.split('.');
  return `host-${parts.join('-')}.${CLIENT_ZONE}`;
}

/** The name under which DNS has an address's reverse names (RFC 1035 3.5, RFC 3596 2.5). */
export function reverseNameOf(address: string): string {
  if (!isIPv6(address)) {
    return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  }
  const nibbles = groupsOf(address).map((group) => group.padStart(4, '0'));
  return `${[...nibbles.join('')].reverse().join('.')}.ip6.arpa`;
}

function addressOfReverse(name: string): string | undefined {
  if (name.endsWith('.in-addr.arpa')) {
    const octets = name.slice(0, -'.in-addr.arpa'.length).split('.').reverse();
    return octets.length === 4 ? octets.join('.') : undefined;
  }
  if (name.endsWith('.ip6.arpa')) {
    const nibbles = name.slice(0, -'.ip6.arpa'.length).split('.').reverse().join('');
    return nibbles.length === 32 ? groupsOf((nibbles.match(/.{4}/g) ?? []).join(':')).join(':') : undefined;
  }
  return undefined;
}

/** Whether two texts name the same address. */
export const sameAddress = (a: string, b: string): boolean =>
  isIPv6(a) && isIPv6(b) ? groupsOf(a).join() === groupsOf(b).join() : a === b;

function addresses(names: { ipv4: string; ipv6: string }): ZoneRecord[] {
  return [
    { type: 'A', data: names.ipv4 },
    { type: 'AAAA', data: names.ipv6 },
  ];
}

/** Everything the zone has for `name`, in the view of the target that asks (absent: an unknown asker). */
export function lookUp(name: string, layout: LabLayout, target: TargetNames | undefined): ZoneAnswer {
  const asked = name.toLowerCase().replace(/\.$/, '');
  const found = (...records: ZoneRecord[]): ZoneAnswer => ({ exists: true, records });
  const reversed = addressOfReverse(asked);
  if (reversed !== undefined) {
    if (sameAddress(reversed, layout.ipv4) || sameAddress(reversed, layout.ipv6)) {
      return found({ type: 'PTR', data: `mx.${layout.outsideDomains[0] ?? CLIENT_ZONE}` });
    }
    if (target && (sameAddress(reversed, target.ipv4) || sameAddress(reversed, target.ipv6))) {
      return found({ type: 'PTR', data: target.hostName });
    }
    return found({ type: 'PTR', data: clientName(reversed) });
  }
  if (target && asked === target.hostName.toLowerCase()) {
    return found(...addresses(target));
  }
  if (target?.nextHops.includes(asked)) {
    // Without an exchanger the resolver would go on to ask for the name below the server's own domain.
    return found({ type: 'MX', preference: 10, exchange: asked }, ...addresses(layout));
  }
  // Subdomains of a local domain exist too, so that a sender there is not refused for being unknown to DNS.
  if (
    target?.localDomains.some((domain) => asked === domain.toLowerCase() || asked.endsWith(`.${domain.toLowerCase()}`))
  ) {
    return found({ type: 'MX', preference: 10, exchange: target.hostName });
  }
  for (const domain of [...layout.outsideDomains, ...(target?.forwardedTo ?? [])]) {
    if (asked === domain) {
      return found({ type: 'MX', preference: 10, exchange: `mx.${domain}` }, ...addresses(layout));
    }
    if (asked === `mx.${domain}`) {
      return found(...addresses(layout));
    }
  }
  const four = clientName4.exec(asked);
  if (four) {
    return found({ type: 'A', data: four.slice(1).join('.') });
  }
  const six = clientName6.exec(asked);
  if (six?.[1] !== undefined) {
    return found({ type: 'AAAA', data: six[1].replaceAll('-', ':') });
  }
  return { exists: false, records: [] };
}
