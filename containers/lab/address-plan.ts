/**
 * The lab's addresses, from the ranges set aside for benchmarks: 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180).
 * The IPv4 range is cut in four, so that as many labs can run side by side on one engine.
 */
export type AddressPlan = {
  slot: number;
  subnet4: string;
  subnet6: string;
  gateway4: string;
  gateway6: string;
  /** The helper container: DNS and sink. */
  helper4: string;
  helper6: string;
  /** The ranges of client addresses. */
  clients4: string;
  clients6: string;
};

export const SLOTS = 4;

/** Targets are numbered from here, so that the first addresses stay with the lab itself. */
const FIRST_TARGET = 16;
/** Client addresses that hold POP authorisations begin here, a whole /24 each; the others lie below, packed. */
const FIRST_APART = 16;
const CLIENT_NETWORKS = 64;
const LOGINS_IN_A_NETWORK = 150;

const octets = (slot: number) => ({ second: 18 + (slot >> 1), third: (slot & 1) * 128 });

export function addressPlan(slot: number): AddressPlan {
  const { second, third } = octets(slot);
  return {
    slot,
    subnet4: `198.${second}.${third}.0/17`,
    subnet6: `2001:2:0:${slot}::/64`,
    gateway4: `198.${second}.${third}.1`,
    gateway6: `2001:2:0:${slot}::1`,
    helper4: `198.${second}.${third}.2`,
    helper6: `2001:2:0:${slot}::2`,
    clients4: `198.${second}.${third + 64}.0/18`,
    clients6: `2001:2:0:${slot}::c:0/112`,
  };
}

/** Addresses of the n-th target of a lab, n from 0. */
export function targetAddresses(plan: AddressPlan, n: number): { ipv4: string; ipv6: string } {
  const host = FIRST_TARGET + n;
  const { second, third } = octets(plan.slot);
  return {
    ipv4: `198.${second}.${third + (host >> 8)}.${host & 255}`,
    ipv6: `2001:2:0:${plan.slot}::${host.toString(16)}`,
  };
}

/**
 * Hands out client addresses of one target: each attempt gets its own, since POP authorisation and throttling are
 * properties of an address. Targets are strangers to each other, so each has the whole range to itself.
 */
export class ClientAddressBook {
  readonly #plan: AddressPlan;
  #packed = 0;
  #apart = 0;
  #logins: { at: (last: number) => string } | undefined;
  #login = 0;
  #six = 0;
  #look = 0;

  constructor(plan: AddressPlan) {
    this.#plan = plan;
  }

  /** An address for a client whom nothing sets apart. */
  next4(): string {
    // Last octets from 1 to 250: no network or broadcast address of a /24, whatever a rule takes it for.
    const n = this.#packed++;
    const network = Math.floor(n / 250);
    if (network >= FIRST_APART) {
      throw new Error('the lab has no further client address');
    }
    return this.#client4(network, (n % 250) + 1);
  }

  /** An address in a /24 that no other attempt of this target uses, so that a network's authorisation hits nobody else. */
  apart4(): { network: string; at: (last: number) => string } {
    const network = FIRST_APART + this.#apart++;
    if (network >= CLIENT_NETWORKS - 1) {
      throw new Error('the lab has no further client network');
    }
    return { network: this.#client4(network, 0), at: (last) => this.#client4(network, last) };
  }

  /**
   * An address for a client who logs in over POP and stays authorised: in the network of others who do, all with three
   * digits at the end, so that none is the beginning of another.
   */
  login4(): string {
    const n = this.#login++ % LOGINS_IN_A_NETWORK;
    if (this.#logins === undefined || n === 0) {
      this.#logins = this.apart4();
    }
    return this.#logins.at(100 + n);
  }

  /** The address from which the harness itself reads mailboxes: in a /24 that no attempt uses. */
  forReading(): string {
    return this.#client4(CLIENT_NETWORKS - 1, 1);
  }

  /** An address from which nothing is tried: for sessions of the harness's own, which the log is to show. */
  forLook(): string {
    return this.#client4(CLIENT_NETWORKS - 1, 2 + (this.#look++ % 240));
  }

  next6(): string {
    return `2001:2:0:${this.#plan.slot}::c:${(++this.#six).toString(16)}`;
  }

  #client4(network: number, last: number): string {
    const { second, third } = octets(this.#plan.slot);
    return `198.${second}.${third + 64 + network}.${last}`;
  }
}
