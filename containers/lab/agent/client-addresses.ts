/** Makes client addresses of the lab usable as the source of a connection. */
import { execFile } from 'node:child_process';
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { WorldLink } from './world-link.ts';

const run = promisify(execFile);

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
 * The lab's own ranges are local here as a whole, and targets reach them over this host. Addresses outside the lab's
 * network are taken when they are first needed, and lead to the targets through a tunnel.
 */
export class ClientAddresses {
  readonly #world: WorldLink;
  readonly #range = new BlockList();
  readonly #networks = ownNetworks();
  readonly #added = new Map<string, Promise<void>>();

  constructor(labAddress: string) {
    this.#world = new WorldLink(labAddress);
  }

  async takeRange(clients: string): Promise<void> {
    addNetwork(this.#range, clients);
    const family = clients.includes(':') ? '-6' : '-4';
    await run('ip', [family, 'route', 'replace', 'local', clients, 'dev', 'lo']);
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

  /** Makes an address usable as a source. `targetOf` says whom it will speak to, where that matters. */
  async prepare(address: string, targetOf: () => { ipv4: string; ipv6: string } | undefined): Promise<void> {
    const known = this.#added.get(address);
    const added = known ?? (this.#isOwn(address) ? this.#takeOwn(address) : this.#world.take(address));
    this.#added.set(address, added);
    await added;
    const target = this.#isOwn(address) ? undefined : targetOf();
    if (target) {
      await this.#world.leadTo(target);
    }
  }

  #isOwn(address: string): boolean {
    return this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  async #takeOwn(address: string): Promise<void> {
    if (!this.#range.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) {
      throw new Error(`${address} belongs to the lab or to its engine`);
    }
  }
}
