/**
 * Who had authorised an address, and when. A login makes its address authorised for `lifetime`, and another login renews
 * it: times are kept as intervals, so that the answer is exact whatever the order of the lines was.
 */

/**
 * The users of an address, side by side: hundreds share one behind address translation, and all are looked at for each
 * login. An interval is the time of its first login and that of its latest, in ms. `from` and `latest` are the last one of
 * each user, as nearly all that is asked for is in it; `earlier` are those before it, oldest first, two numbers each.
 */
type Address = { users: number[]; from: number[]; latest: number[]; earlier: (readonly number[])[] };

/** Who had logged in before, and not long enough ago to be authorised still. */
export type Expired = { user: number; at: number };

/** So many intervals of one user and one address are kept. Older ones end long before anything that is asked for. */
const MOST_INTERVALS = 64;
/** What ended longer ago than this, in ms, is not asked for any more. */
const KEPT = 2 * 86_400_000;
const FEW_NUMBERS = 8;
const FEW_ADDRESSES = 20_000;

export class Authorisations {
  readonly #lifetime: number;
  readonly #addresses = new Map<string, Address>();
  #sweepAt = FEW_ADDRESSES;

  /** @param lifetime of a login in ms */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  get size(): number {
    return this.#addresses.size;
  }

  /** Notes a login. Returns the other users whose authorisation of the same address overlaps with it. */
  login(address: string, user: number, at: number): readonly number[] {
    const known = this.#addresses.get(address);
    if (known === undefined) {
      this.#addresses.set(address, { users: [user], from: [at], latest: [at], earlier: [none] });
      return none;
    }
    const { users, from, latest } = known;
    const since = at - this.#lifetime;
    let mine = -1;
    let others: number[] | undefined;
    for (let index = 0; index < users.length; index++) {
      if (users[index] === user) mine = index;
      else if ((latest[index] as number) >= since && this.#overlaps(known, index, at)) {
        others ??= [];
        others.push(users[index] as number);
      }
    }
    if (mine >= 0) {
      this.#add(known, mine, at);
    } else {
      known.users = users.concat(user);
      known.from = from.concat(at);
      known.latest = latest.concat(at);
      known.earlier = known.earlier.concat([none]);
    }
    return others ?? none;
  }

  /** Whether an interval overlaps with a login. The last one has not ended before it. */
  #overlaps({ from, earlier }: Address, index: number, at: number): boolean {
    const until = at + this.#lifetime;
    if ((from[index] as number) <= until) return true;
    const before = earlier[index] as readonly number[];
    // Those before it end earlier still.
    for (let back = before.length - 2; back >= 0; back -= 2) {
      if (at > (before[back + 1] as number) + this.#lifetime) return false;
      if ((before[back] as number) <= until) return true;
    }
    return false;
  }

  #add(address: Address, index: number, at: number): void {
    const from = address.from[index] as number;
    const latest = address.latest[index] as number;
    if (at < from) {
      this.#insert(address, index, at);
    } else if (at <= latest + this.#lifetime) {
      if (at > latest) address.latest[index] = at;
    } else {
      this.#keep(address, index, from, latest, at);
      address.from[index] = at;
      address.latest[index] = at;
    }
  }

  /** Most have few: as long as they are, each is made anew, because an array that grows keeps room for sixteen more. */
  #keep(address: Address, index: number, from: number, latest: number, at: number): void {
    const earlier = address.earlier[index] as readonly number[];
    if (earlier.length < FEW_NUMBERS) {
      address.earlier[index] = earlier.concat(from, latest);
      return;
    }
    const many = earlier as number[];
    many.push(from);
    many.push(latest);
    if (many.length > 4 * MOST_INTERVALS) this.#forget(many, at - KEPT);
  }

  /** Forgets what ended before that time, and all but the last ones. */
  #forget(earlier: number[], until: number): void {
    let old = earlier.length - 2 * MOST_INTERVALS;
    while (old < earlier.length && (earlier[old + 1] as number) + this.#lifetime < until) old += 2;
    earlier.splice(0, old);
  }

  /** A line that is out of order: the login lies before the last interval. */
  #insert(address: Address, index: number, at: number): void {
    const starts = [...(address.earlier[index] as readonly number[])];
    starts.push(address.from[index] as number, address.latest[index] as number, at, at);
    const all: [from: number, latest: number][] = [];
    for (let one = 0; one < starts.length; one += 2) all.push([starts[one] as number, starts[one + 1] as number]);
    const joined: number[] = [];
    for (const [from, latest] of all.sort(([a], [b]) => a - b)) {
      const before = joined.length - 1;
      if (before > 0 && from <= (joined[before] as number) + this.#lifetime) {
        joined[before] = Math.max(joined[before] as number, latest);
      } else {
        joined.push(from, latest);
      }
    }
    if (joined.length > 4 * MOST_INTERVALS) this.#forget(joined, Number.NEGATIVE_INFINITY);
    address.latest[index] = joined.pop() as number;
    address.from[index] = joined.pop() as number;
    address.earlier[index] = joined;
  }

  /** The users by whose logins the address was authorised at that time. */
  holders(address: string, at: number): number[] {
    const holding: number[] = [];
    const known = this.#addresses.get(address);
    if (known === undefined) return holding;
    const { users, from, latest } = known;
    const since = at - this.#lifetime;
    for (let index = 0; index < users.length; index++) {
      if ((latest[index] as number) < since) continue;
      if ((from[index] as number) <= at || this.#heldBefore(known.earlier[index] as readonly number[], at)) {
        holding.push(users[index] as number);
      }
    }
    return holding;
  }

  #heldBefore(earlier: readonly number[], at: number): boolean {
    for (let index = earlier.length - 2; index >= 0; index -= 2) {
      if (at > (earlier[index + 1] as number) + this.#lifetime) return false;
      if (at >= (earlier[index] as number)) return true;
    }
    return false;
  }

  /** The last login from an address before that time, whether it still counted or not. */
  lastBefore(address: string, at: number): Expired | undefined {
    let found: Expired | undefined;
    const known = this.#addresses.get(address);
    known?.users.forEach((user, index) => {
      const all = [
        ...(known.earlier[index] as readonly number[]),
        known.from[index] as number,
        known.latest[index] as number,
      ];
      for (let one = 0; one < all.length; one += 2) {
        const [from, latest] = [all[one] as number, all[one + 1] as number];
        const login = latest <= at ? latest : from;
        if (login <= at && (found === undefined || login > found.at)) found = { user, at: login };
      }
    });
    return found;
  }

  /** Forgets what ended before `until`. Does nothing while there is little to forget. */
  sweep(until: number): void {
    if (this.#addresses.size < this.#sweepAt) return;
    for (const [address, known] of this.#addresses) {
      const kept = known.latest.map((latest) => latest + this.#lifetime >= until);
      if (kept.every((one) => !one)) {
        this.#addresses.delete(address);
      } else if (kept.includes(false)) {
        const { users, from, latest, earlier } = known;
        const keep = <T>(values: readonly T[]): T[] => values.filter((_, index) => kept[index]);
        this.#addresses.set(address, {
          users: keep(users),
          from: keep(from),
          latest: keep(latest),
          earlier: keep(earlier),
        });
      }
    }
    this.#sweepAt = Math.max(FEW_ADDRESSES, this.#addresses.size * 2);
  }
}

const none: readonly number[] = [];
