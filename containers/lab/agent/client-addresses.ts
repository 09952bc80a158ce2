/** Makes client addresses of the lab usable as the source of a connection. */
import { execFile } from 'node:child_process';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';

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

/**
 * IPv4: the whole range is routed to this host, and the neighbours find it by ARP. IPv6 has no such thing: neighbour
 * discovery answers for the interface's own addresses only, so each is added when it is first needed.
 */
export class ClientAddresses {
  readonly #device: string;
  readonly #added = new Map<string, Promise<void>>();

  constructor(labAddress: string) {
    this.#device = interfaceOf(labAddress);
  }

  async takeRange(clients4: string): Promise<void> {
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

  prepare(address: string): Promise<void> {
    if (!isIPv6(address)) {
      return Promise.resolve();
    }
    const known = this.#added.get(address);
    if (known) {
      return known;
    }
    const added = run('ip', ['-6', 'address', 'replace', `${address}/128`, 'dev', this.#device, 'nodad']).then(
      () => {},
    );
    this.#added.set(address, added);
    return added;
  }
}
