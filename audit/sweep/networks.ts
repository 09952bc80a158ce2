/**
 * From single answers to networks. The space is halved until every part holds one kind of answer only, and each part is
 * then asked for again, at both ends and between: a part that turns out mixed is halved further. Where what relays is a
 * network in CIDR form, its ends are found exactly: a larger part has one of its own ends outside of it.
 */
import { contains, type Family, halves, lastOf, merge, type Network, sizeOf, widthOf } from './ip.ts';
import { flips, sampleOf } from './questions.ts';

/** Asks which addresses relay. Undefined: no answer, neither yes nor no. */
export type AskAddresses = (values: readonly bigint[]) => Promise<(boolean | undefined)[]>;

export type NetworkSearch = {
  family: Family;
  ask: AskAddresses;
  first: readonly bigint[];
  /** Addresses that relay whatever the configuration says: never asked for, and no part of any answer. */
  exempt: ReadonlySet<bigint>;
  /** Networks that somebody named: what ends where one of them ends need not be measured. */
  named: readonly Network[];
};

export type NetworksFound = {
  /** What relays, in as few networks as can be. */
  relaying: Network[];
  /** Addresses that were asked for and relay, in order. */
  relayingAddresses: bigint[];
  /** Whether the search was broken off: the rules let so many scattered addresses relay that they are no networks. */
  brokenOff: boolean;
};

const LIMIT = { rounds: 14, addresses: 6000 } as const;
/** Samples of a part that relays, beside its ends; and of one that does not, which there are many more of. */
const SAMPLES = { relaying: 4, refused: 2 } as const;

type Point = { value: bigint; relays: boolean };
type Part = { network: Network; points: Point[] };

/** The parts of the space that hold one kind of answer, or none. */
function partsOf(network: Network, points: Point[]): Part[] {
  const relaying = points.filter((point) => point.relays).length;
  if (relaying === 0 || relaying === points.length) {
    return [{ network, points }];
  }
  const [low, high] = halves(network);
  const cut = points.findIndex((point) => point.value >= high.base);
  return [...partsOf(low, cut < 0 ? points : points.slice(0, cut)), ...partsOf(high, cut < 0 ? [] : points.slice(cut))];
}

export class NetworkFinder {
  readonly #search: NetworkSearch;
  readonly #answers = new Map<bigint, boolean | undefined>();
  readonly #whole: Network;
  readonly #named: ReadonlySet<string>;
  /** Addresses whose surroundings have been measured. */
  readonly #measured = new Set<bigint>();

  constructor(search: NetworkSearch) {
    this.#search = search;
    this.#whole = { family: search.family, base: 0n, length: 0 };
    this.#named = new Set(search.named.map(({ base, length }) => `${base}/${length}`));
  }

  async find(): Promise<NetworksFound> {
    let wanted = this.#fresh(this.#search.first);
    for (let round = 0; wanted.length > 0; round++) {
      const answers = await this.#search.ask(wanted);
      for (const [index, value] of wanted.entries()) {
        this.#answers.set(value, answers[index]);
      }
      if (round >= LIMIT.rounds || this.#answers.size >= LIMIT.addresses) {
        return this.#result(true);
      }
      wanted = this.#fresh(this.#parts().flatMap((part) => this.#more(part)));
    }
    return this.#result(false);
  }

  #parts(): Part[] {
    const points = [...this.#answers]
      .flatMap(([value, relays]) => (relays === undefined ? [] : [{ value, relays }]))
      .sort((a, b) => (a.value < b.value ? -1 : 1));
    return partsOf(this.#whole, points);
  }

  /** What is still to be asked of a part before its answer is believed. */
  #more({ network, points }: Part): bigint[] {
    const relays = points[0]?.relays === true;
    const samples = (count: number) =>
      sizeOf(network) <= BigInt(count)
        ? Array.from({ length: Number(sizeOf(network)) }, (_, offset) => network.base + BigInt(offset))
        : Array.from({ length: count }, (_, number) => sampleOf(network, number));
    if (!relays) {
      return points.length >= SAMPLES.refused ? [] : samples(SAMPLES.refused);
    }
    const ends = [network.base, lastOf(network), ...samples(SAMPLES.relaying)];
    const middle = points[points.length >> 1]?.value;
    const known = this.#named.has(`${network.base}/${network.length}`) || network.length === 0;
    if (known || middle === undefined || points.some((point) => this.#measured.has(point.value))) {
      return ends;
    }
    this.#measured.add(middle);
    return [...ends, ...flips(middle, network.family)];
  }

  #fresh(values: readonly bigint[]): bigint[] {
    return [...new Set(values)].filter((value) => !this.#answers.has(value) && !this.#search.exempt.has(value));
  }

  #result(brokenOff: boolean): NetworksFound {
    const parts = this.#parts().filter(({ points }) => points[0]?.relays === true);
    return {
      relaying: merge(parts.map(({ network }) => network)),
      relayingAddresses: parts.flatMap(({ points }) => points.map(({ value }) => value)),
      brokenOff,
    };
  }
}

/**
 * The address of a network that is the best one to send from: an ordinary host's, neither first nor last of anything, and
 * none that no interface can have (this network, loopback, multicast, link-local, mapped).
 */
export function exampleOf(network: Network, relaying: readonly bigint[], unusable: readonly Network[]): bigint {
  const inside = relaying.filter((value) => contains(network, value));
  const awkward = (value: bigint) =>
    (unusable.some((one) => one.family === network.family && contains(one, value)) ? 4 : 0) +
    ((value & 0xffn) === 0n || (value & 0xffn) === 0xffn ? 2 : 0) +
    (value === network.base || value === lastOf(network) ? 1 : 0);
  const best = inside.reduce<bigint | undefined>(
    (held, value) => (held === undefined || awkward(value) < awkward(held) ? value : held),
    undefined,
  );
  return best ?? network.base + (network.length < widthOf(network.family) - 1 ? 1n : 0n);
}
