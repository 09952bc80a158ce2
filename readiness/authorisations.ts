/**
 * Who had authorised an address, and when. A login makes its address authorised for `lifetime`, and another login renews
 * it: times are kept as intervals, so that the answer is exact whatever the order of the lines was.
 */
import { type AddressWords, hashOf } from './address.ts';
import { Records } from './records.ts';

/** Who had logged in before, and not long enough ago to be authorised still. */
export type Expired = { user: number; at: number };

/** So many intervals of one user and one address are kept. Older ones end long before anything that is asked for. */
const MOST_INTERVALS = 64;
/** What ended longer ago than this, in ms, is not asked for any more. */
const KEPT = 2 * 86_400_000;
const FEW_NUMBERS = 8;
const FEW = 20_000;

// What one user has authorised: the address, who, and the last interval: the time of its first login and that of its
// latest, in ms. Nearly all that is asked for is in it. Words 0 to 3 are the address.
const USER = 4;
/** The next user of the same address, one more than where it is; hundreds share one behind address translation. */
const NEXT = 5;
/** The next address of the same bucket, likewise. */
const CHAIN = 6;
/** Which intervals before the last one there are, one more than their number. */
const EARLIER = 7;
const FROM = 4;
const LATEST = 5;
const SIZE = 12;

export class Authorisations {
  readonly #lifetime: number;
  #records = new Records(SIZE);
  /** Those that are kept are written here when the others are forgotten: the memory is used in turns. */
  #spare = new Records(SIZE);
  /** The first address of each bucket, one more than where it is. */
  #buckets = new Int32Array(1 << 11);
  /** Intervals that were before the last one of a record, oldest first, two numbers each. */
  #earlier: (readonly number[])[] = [];
  #sweepAt = FEW;

  /** @param lifetime of a login in ms */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  /** How many users of addresses are known, each with each. */
  get size(): number {
    return this.#records.count;
  }

  /** Where the first user of an address is, or -1. */
  #first(address: AddressWords): number {
    const { words } = this.#records;
    let at = (this.#buckets[hashOf(address) & (this.#buckets.length - 1)] as number) - 1;
    while (at >= 0) {
      if (
        words[at + 3] === ((address[3] as number) | 0) &&
        words[at + 2] === ((address[2] as number) | 0) &&
        words[at + 1] === ((address[1] as number) | 0) &&
        words[at] === ((address[0] as number) | 0)
      ) {
        break;
      }
      at = (words[at + CHAIN] as number) - 1;
    }
    return at;
  }

  /**
   * Notes a login. Returns the other users whose authorisation of the same address overlaps with it, in a list that is good
   * until the next login.
   */
  login(address: AddressWords, user: number, at: number): readonly number[] {
    const since = at - this.#lifetime;
    let mine = -1;
    let last = -1;
    // Setting it is a call.
    if (others.length > 0) others.length = 0;
    const { words, numbers } = this.#records;
    for (let one = this.#first(address); one >= 0; one = (words[one + NEXT] as number) - 1) {
      last = one;
      if (words[one + USER] === user) mine = one;
      else if ((numbers[one / 2 + LATEST] as number) >= since && this.#overlaps(one, at)) {
        others.push(words[one + USER] as number);
      }
    }
    if (mine >= 0) this.#renew(mine, at);
    else this.#add(address, user, at, last);
    return others;
  }

  /** @param last user of the address, behind whom this one comes, or -1 */
  #add(address: AddressWords, user: number, at: number, last: number): void {
    const records = this.#records;
    const one = records.add();
    const { words, numbers } = records;
    for (let word = 0; word < 4; word++) words[one + word] = address[word] as number;
    words[one + USER] = user;
    numbers[one / 2 + FROM] = at;
    numbers[one / 2 + LATEST] = at;
    if (last >= 0) words[last + NEXT] = one + 1;
    else this.#enter(one, hashOf(address));
    if (records.count > this.#buckets.length) this.#spread();
  }

  #enter(one: number, hash: number): void {
    const bucket = hash & (this.#buckets.length - 1);
    this.#records.words[one + CHAIN] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = one + 1;
  }

  /** More buckets, and all addresses in them. */
  #spread(): void {
    const before = this.#buckets;
    this.#buckets = new Int32Array(before.length * 4);
    const { words } = this.#records;
    for (const first of before) {
      for (let one = first - 1; one >= 0; ) {
        const next = (words[one + CHAIN] as number) - 1;
        for (let word = 0; word < 4; word++) scratch[word] = words[one + word] as number;
        this.#enter(one, hashOf(scratch));
        one = next;
      }
    }
  }

  #intervalsBefore(one: number): readonly number[] {
    const earlier = this.#records.words[one + EARLIER] as number;
    return earlier === 0 ? none : (this.#earlier[earlier - 1] as readonly number[]);
  }

  #setIntervalsBefore(one: number, intervals: readonly number[]): void {
    const { words } = this.#records;
    if (words[one + EARLIER] === 0) words[one + EARLIER] = this.#earlier.push(intervals);
    else this.#earlier[(words[one + EARLIER] as number) - 1] = intervals;
  }

  /** Whether an interval overlaps with a login. The last one has not ended before it. */
  #overlaps(one: number, at: number): boolean {
    const until = at + this.#lifetime;
    if ((this.#records.numbers[one / 2 + FROM] as number) <= until) return true;
    const before = this.#intervalsBefore(one);
    // Those before it end earlier still.
    for (let back = before.length - 2; back >= 0; back -= 2) {
      if (at > (before[back + 1] as number) + this.#lifetime) return false;
      if ((before[back] as number) <= until) return true;
    }
    return false;
  }

  #renew(one: number, at: number): void {
    const { numbers } = this.#records;
    const from = numbers[one / 2 + FROM] as number;
    const latest = numbers[one / 2 + LATEST] as number;
    if (at < from) {
      this.#insert(one, at);
    } else if (at <= latest + this.#lifetime) {
      if (at > latest) numbers[one / 2 + LATEST] = at;
    } else {
      this.#keep(one, from, latest, at);
      numbers[one / 2 + FROM] = at;
      numbers[one / 2 + LATEST] = at;
    }
  }

  /** Most have few: as long as they are, each is made anew, because an array that grows keeps room for sixteen more. */
  #keep(one: number, from: number, latest: number, at: number): void {
    const earlier = this.#intervalsBefore(one);
    if (earlier.length < FEW_NUMBERS) {
      this.#setIntervalsBefore(one, earlier.concat(from, latest));
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
  #insert(one: number, at: number): void {
    const { numbers } = this.#records;
    const starts = [...this.#intervalsBefore(one)];
    starts.push(numbers[one / 2 + FROM] as number, numbers[one / 2 + LATEST] as number, at, at);
    const all: [from: number, latest: number][] = [];
    for (let each = 0; each < starts.length; each += 2) all.push([starts[each] as number, starts[each + 1] as number]);
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
    numbers[one / 2 + LATEST] = joined.pop() as number;
    numbers[one / 2 + FROM] = joined.pop() as number;
    this.#setIntervalsBefore(one, joined);
  }

  /** The users by whose logins the address was authorised at that time, in a list that is good until the next question. */
  holders(address: AddressWords, at: number): readonly number[] {
    if (holding.length > 0) holding.length = 0;
    const { words, numbers } = this.#records;
    const since = at - this.#lifetime;
    for (let one = this.#first(address); one >= 0; one = (words[one + NEXT] as number) - 1) {
      if ((numbers[one / 2 + LATEST] as number) < since) continue;
      if ((numbers[one / 2 + FROM] as number) <= at || this.#heldBefore(this.#intervalsBefore(one), at)) {
        holding.push(words[one + USER] as number);
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
  lastBefore(address: AddressWords, at: number): Expired | undefined {
    let found: Expired | undefined;
    const { words, numbers } = this.#records;
    for (let one = this.#first(address); one >= 0; one = (words[one + NEXT] as number) - 1) {
      const last = [numbers[one / 2 + FROM] as number, numbers[one / 2 + LATEST] as number];
      const all = [...this.#intervalsBefore(one), ...last];
      for (let each = 0; each < all.length; each += 2) {
        const [from, latest] = [all[each] as number, all[each + 1] as number];
        const login = latest <= at ? latest : from;
        if (login <= at && (found === undefined || login > found.at)) {
          found = { user: words[one + USER] as number, at: login };
        }
      }
    }
    return found;
  }

  /** Forgets what ended before `until`. Does nothing while there is little to forget. */
  sweep(until: number): void {
    if (this.#records.count < this.#sweepAt) return;
    const before = this.#records;
    const { words, numbers } = before;
    const [buckets, earlier] = [this.#buckets, this.#earlier];
    this.#records = this.#spare;
    this.#buckets = new Int32Array(buckets.length);
    this.#earlier = [];
    for (const bucket of buckets) {
      for (let first = bucket - 1; first >= 0; first = (words[first + CHAIN] as number) - 1) {
        let last = -1;
        for (let one = first; one >= 0; one = (words[one + NEXT] as number) - 1) {
          if ((numbers[one / 2 + LATEST] as number) + this.#lifetime < until) continue;
          for (let word = 0; word < 4; word++) scratch[word] = words[one + word] as number;
          const kept = this.#records.count * SIZE;
          this.#add(scratch, words[one + USER] as number, numbers[one / 2 + LATEST] as number, last);
          this.#records.numbers[kept / 2 + FROM] = numbers[one / 2 + FROM] as number;
          if (words[one + EARLIER] !== 0) {
            this.#setIntervalsBefore(kept, earlier[(words[one + EARLIER] as number) - 1] as readonly number[]);
          }
          last = kept;
        }
      }
    }
    before.clear();
    this.#spare = before;
    this.#sweepAt = Math.max(FEW, this.#records.count * 2);
  }
}

const none: readonly number[] = [];
const others: number[] = [];
const holding: number[] = [];
const scratch = new Uint32Array(4);
