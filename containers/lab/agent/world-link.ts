/**
 * How connections from addresses outside the lab's network come to a target: through a tunnel (VXLAN, RFC 7348) between
 * the helper and each target. On the network itself engines let only its own addresses pass. The target's end is made in
 * containers/target/image/relayproof/start, with the same numbers.
 */
import { execFile } from 'node:child_process';
import { isIPv6 } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);

const DEVICE = 'world';
const TUNNEL = { id: '1', port: '4789' } as const;
/** Octets, as in the start script: room for the tunnel's own header in an ordinary packet. */
const MTU = '1400';
/** The routing table for packets whose source is an address of the world. */
const TABLE = '200';

/** The link-layer address of a tunnel's end: locally administered, and made from the end's IPv4 address. */
export function linkAddress(ipv4: string): string {
  const octets = ipv4.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['02', '00', ...octets].join(':');
}

export class WorldLink {
  readonly #own: string;
  readonly #known = new Set<string>();
  #up: Promise<void> | undefined;

  /** `own`: the helper's IPv4 address in the lab. */
  constructor(own: string) {
    this.#own = own;
  }

  /** Makes addresses of the world usable as a source towards a target. @throws Error where the kernel has no VXLAN */
  async leadTo(target: { ipv4: string; ipv6: string }): Promise<void> {
    await this.#open();
    if (this.#known.has(target.ipv4)) {
      return;
    }
    const link = linkAddress(target.ipv4);
    await run('bridge', ['fdb', 'replace', link, 'dev', DEVICE, 'dst', target.ipv4]);
    for (const address of [target.ipv4, target.ipv6]) {
      const family = isIPv6(address) ? '-6' : '-4';
      await run('ip', [family, 'neighbour', 'replace', address, 'lladdr', link, 'dev', DEVICE]);
      await run('ip', [family, 'route', 'replace', address, 'dev', DEVICE, 'table', TABLE]);
    }
    this.#known.add(target.ipv4);
  }

  /** Takes one address of the world. */
  async take(address: string): Promise<void> {
    await this.#open();
    if (isIPv6(address)) {
      await run('ip', ['-6', 'address', 'replace', `${address}/128`, 'dev', DEVICE, 'nodad']);
      await run('ip', ['-6', 'rule', 'add', 'from', `${address}/128`, 'lookup', TABLE]);
    } else {
      await run('ip', ['route', 'replace', 'local', `${address}/32`, 'dev', 'lo']);
      await run('ip', ['rule', 'add', 'from', `${address}/32`, 'lookup', TABLE]);
    }
  }

  #open(): Promise<void> {
    this.#up ??= (async () => {
      const ends = ['local', this.#own, 'dstport', TUNNEL.port];
      const address = ['address', linkAddress(this.#own)];
      await run('ip', ['link', 'add', DEVICE, ...address, 'type', 'vxlan', 'id', TUNNEL.id, ...ends, 'nolearning']);
      await run('ip', ['link', 'set', DEVICE, 'addrgenmode', 'none', 'mtu', MTU, 'up']);
    })();
    return this.#up;
  }
}
