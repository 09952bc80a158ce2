/** Makes client addresses of the lab usable as the source of a connection. */
import { execFile } from 'node:child_process';
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { WorldLink } from './world-link.ts';

const run = promisify(execFile);

/** The interface that has a given address. */
export function interfaceOf(address: string): string {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (addresses?.some((one) => one.address === address)) {
      return name;
    }
  }
  throw new Error(`no interface has the address ${address}`);
}

function addNetwork(list: BlockList, cidr: string): void {
  const [address = '', length] = cidr.split('/');
  list.addSubnet(address, Number(length), isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** The networks that this host is in. */
function ownNetworks(): BlockList {
  const list = new BlockList();
  for (const one of Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])) {
    if (one.cidr !== null && !one.cidr.endsWith('/128')) {
      addNetwork(list, one.cidr);
    }
  }
  return list;
}

/**
 * IPv4: the whole range is routed to this host, and the neighbours find it by ARP. IPv6 has no such thing: neighbour
 * discovery answers for the interface's own addresses only, so each is added when it is first needed. Addresses outside
 * the lab's network are taken when they are first needed too, and lead to the targets through a tunnel.
 */
export class ClientAddresses {
  readonly #device: string;
  readonly #world: WorldLink;
  readonly #range = new BlockList();
  readonly #networks = ownNetworks();
  readonly #added = new Map<string, Promise<void>>();

  constructor(labAddress: string) {
    this.#device = interfaceOf(labAddress);
    this.#world = new WorldLink(labAddress);
  }

  async takeRange(clients4: string): Promise<void> {
    addNetwork(this.#range, clients4);
    await run('ip', ['route', 'replace', 'local', clients4, 'dev', 'lo']);
  }

  /** Takes the container's own way out away: from here on it reaches its neighbours only. */
  async dropDefaultRoutes(): Promise<void> {
    for (const family of ['-4', '-6']) {
      await run('ip', [family, 'route', 'flush', 'default']);
    }
  }

  async routes(): Promise<string[]> {
    const tables = await Promise.all(['-4', '-6'].map((family) => run('ip', [family, 'route', 'show'])));
    return tables.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line !== ''));
  }

  /** Makes an address usable as a source. `target`: whom it will speak to. */
  async prepare(address: string, target?: { ipv4: string; ipv6: string }): Promise<void> {
    const known = this.#added.get(address);
    const added = known ?? (this.#isOwn(address) ? this.#takeOwn(address) : this.#world.take(address));
    this.#added.set(address, added);
    await added;
    if (target && !this.#isOwn(address)) {
      await this.#world.leadTo(target);
    }
  }

  #isOwn(address: string): boolean {
    return this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  async #takeOwn(address: string): Promise<void> {
    if (isIPv6(address)) {
      await run('ip', ['-6', 'address', 'replace', `${address}/128`, 'dev', this.#device, 'nodad']);
    } else if (!this.#range.check(address)) {
      throw new Error(`${address} belongs to the lab or to its engine`);
    }
  }
}
