/**
 * Who had authorised an address, and when. A login makes its address authorised for `lifetime`, and another login renews
 * it: times are kept as intervals, so that the answer is exact whatever the order of the lines was.
 */

/** From the login to its end, both included, in ms. `latest` is the last login in it. */
type Interval = { from: number; latest: number };

/** What one user did from one address. */
type Pair = { user: number; intervals: Interval[] };

type Address = { pairs: Pair[] };

/** Who had logged in before, and not long enough ago to be authorised still. */
export type Expired = { user: number; at: number };

/** So many intervals of one user and one address are kept. Older ones end long before anything that is asked for. */
const MOST_INTERVALS = 64;
/** What ended longer ago than this, in ms, is not asked for any more. */
const KEPT = 2 * 86_400_000;
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
    let known = this.#addresses.get(address);
    if (known === undefined) {
      known = { pairs: [] };
      this.#addresses.set(address, known);
    }
    let mine: Pair | undefined;
    let others: number[] | undefined;
    for (const pair of known.pairs) {
      if (pair.user === user) mine = pair;
      else if (this.#overlaps(pair, at)) others = others ? [...others, pair.user] : [pair.user];
    }
    if (mine === undefined) {
      mine = { user, intervals: [] };
      known.pairs.push(mine);
    }
    this.#add(mine.intervals, at);
    return others ?? none;
  }

  #overlaps({ intervals }: Pair, at: number): boolean {
    for (let index = intervals.length - 1; index >= 0; index--) {
      const { from, latest } = intervals[index] as Interval;
      // Those before it end earlier still.
      if (at > latest + this.#lifetime) return false;
      if (from <= at + this.#lifetime) return true;
    }
    return false;
  }

  #add(intervals: Interval[], at: number): void {
    const last = intervals.at(-1);
    if (last !== undefined && at >= last.from && at <= last.latest + this.#lifetime) {
      if (at > last.latest) last.latest = at;
      return;
    }
    if (last === undefined || at > last.from) {
      let old = 0;
      while (old < intervals.length - 1 && (intervals[old] as Interval).latest + this.#lifetime < at - KEPT) old++;
      // The oldest is used again: what lives for days and is then thrown away costs memory.
      const again = old > 0 ? (intervals.splice(0, old)[0] as Interval) : { from: at, latest: at };
      again.from = at;
      again.latest = at;
      intervals.push(again);
      if (intervals.length > MOST_INTERVALS) intervals.shift();
      return;
    }
    this.#insert(intervals, at);
  }

  /** A line that is out of order: the login lies before the last interval. */
  #insert(intervals: Interval[], at: number): void {
    const all = [...intervals, { from: at, latest: at }].sort((a, b) => a.from - b.from);
    intervals.length = 0;
    for (const one of all) {
      const last = intervals.at(-1);
      if (last !== undefined && one.from <= last.latest + this.#lifetime) {
        last.latest = Math.max(last.latest, one.latest);
      } else {
        intervals.push(one);
      }
    }
    while (intervals.length > MOST_INTERVALS) intervals.shift();
  }

  /** The users by whose logins the address was authorised at that time. */
  holders(address: string, at: number): number[] {
    const users: number[] = [];
    for (const { user, intervals } of this.#addresses.get(address)?.pairs ?? []) {
      for (let index = intervals.length - 1; index >= 0; index--) {
        const { from, latest } = intervals[index] as Interval;
        if (at > latest + this.#lifetime) break;
        if (at >= from) {
          users.push(user);
          break;
        }
      }
    }
    return users;
  }

  /** The last login from an address before that time, whether it still counted or not. */
  lastBefore(address: string, at: number): Expired | undefined {
    let found: Expired | undefined;
    for (const { user, intervals } of this.#addresses.get(address)?.pairs ?? []) {
      for (const { from, latest } of intervals) {
        const login = latest <= at ? latest : from;
        if (login <= at && (found === undefined || login > found.at)) found = { user, at: login };
      }
    }
    return found;
  }

  /** Forgets what ended before `until`. Does nothing while there is little to forget. */
  sweep(until: number): void {
    if (this.#addresses.size < this.#sweepAt) return;
    for (const [address, { pairs }] of this.#addresses) {
      let kept = 0;
      for (const pair of pairs) {
        if ((pair.intervals.at(-1)?.latest ?? 0) + this.#lifetime >= until) pairs[kept++] = pair;
      }
      pairs.length = kept;
      if (kept === 0) this.#addresses.delete(address);
    }
    this.#sweepAt = Math.max(FEW_ADDRESSES, this.#addresses.size * 2);
  }
}

const none: readonly number[] = [];
