/** Where users were seen: for each, the addresses used last, in one piece of memory for all. */
import { type AddressWords, addressText } from './address.ts';
import { Records } from './records.ts';

/** An address that a user was seen at. */
export type UserAddress = {
  address: string;
  /** In ms. */
  last: number;
  logins: number;
  popRelayed: number;
  authenticated: number;
  /** Somebody else had authorised it at the same time. */
  shared: boolean;
};

/** So many addresses of a user are kept: those used last. */
export const MOST_ADDRESSES = 24;

// A place: words 0 to 3 are its address; then numbers, and when it was used last in ms.
export const LOGINS = 4;
export const POP_RELAYED = 5;
export const AUTHENTICATED = 6;
export const SHARED = 7;
/** The next place of the same user, one more than where it is. */
const NEXT = 8;
const LAST = 5;
const SIZE = 12;

export class UserAddresses {
  readonly #records = new Records(SIZE);
  /** By user: his first place, one more than where it is; and how many he has had. */
  #first = new Int32Array(1 << 10);
  #count = new Int32Array(1 << 10);

  /** The place where a user was seen, or -1. The one that was asked for last stands first. */
  find(user: number, address: AddressWords): number {
    const { words } = this.#records;
    const first = this.#first[user];
    if (first === undefined) return -1;
    let before = -1;
    for (let at = first - 1; at >= 0; ) {
      const next = words[at + NEXT] as number;
      if (
        words[at + 3] === ((address[3] as number) | 0) &&
        words[at + 2] === ((address[2] as number) | 0) &&
        words[at + 1] === ((address[1] as number) | 0) &&
        words[at] === ((address[0] as number) | 0)
      ) {
        if (before >= 0) {
          words[before + NEXT] = next;
          words[at + NEXT] = first;
          this.#first[user] = at + 1;
        }
        return at;
      }
      before = at;
      at = next - 1;
    }
    return -1;
  }

  /** The place where a user is seen at that time. The one of longest ago is forgotten for a new one, if there are many. */
  seen(user: number, address: AddressWords, at: number): number {
    const { numbers } = this.#records;
    const known = this.find(user, address);
    if (known >= 0) {
      if (at > (numbers[known / 2 + LAST] as number)) numbers[known / 2 + LAST] = at;
      return known;
    }
    return this.#add(user, address, at);
  }

  #add(user: number, address: AddressWords, at: number): number {
    if (user >= this.#first.length) this.#grow(user);
    const records = this.#records;
    const count = (this.#count[user] as number) + 1;
    this.#count[user] = count;
    const many = count > MOST_ADDRESSES;
    const place = many ? this.#oldest(user) : records.add();
    const { words, numbers } = records;
    if (!many) {
      words[place + NEXT] = this.#first[user] as number;
      this.#first[user] = place + 1;
    }
    for (let word = 0; word < 4; word++) words[place + word] = address[word] as number;
    for (let number = LOGINS; number <= SHARED; number++) words[place + number] = 0;
    numbers[place / 2 + LAST] = at;
    return place;
  }

  #grow(user: number): void {
    const grown = (before: Int32Array) => {
      const after = new Int32Array(Math.max(before.length, user) * 2);
      after.set(before);
      return after;
    };
    this.#first = grown(this.#first);
    this.#count = grown(this.#count);
  }

  #oldest(user: number): number {
    const { words, numbers } = this.#records;
    let oldest = (this.#first[user] as number) - 1;
    for (let place = oldest; place >= 0; place = (words[place + NEXT] as number) - 1) {
      if ((numbers[place / 2 + LAST] as number) < (numbers[oldest / 2 + LAST] as number)) oldest = place;
    }
    return oldest;
  }

  /** One more of LOGINS, POP_RELAYED or AUTHENTICATED; or SHARED. */
  mark(place: number, what: number): void {
    const { words } = this.#records;
    words[place + what] = (words[place + what] as number) + 1;
  }

  isShared(place: number): boolean {
    return this.#records.words[place + SHARED] !== 0;
  }

  /** Whether there were more than are kept. */
  more(user: number): boolean {
    return (this.#count[user] ?? 0) > MOST_ADDRESSES;
  }

  of(user: number): UserAddress[] {
    const { words, numbers } = this.#records;
    const places: UserAddress[] = [];
    for (let at = (this.#first[user] ?? 0) - 1; at >= 0; at = (words[at + NEXT] as number) - 1) {
      places.push({
        address: addressText(Uint32Array.from(words.subarray(at, at + 4))),
        last: numbers[at / 2 + LAST] as number,
        logins: words[at + LOGINS] as number,
        popRelayed: words[at + POP_RELAYED] as number,
        authenticated: words[at + AUTHENTICATED] as number,
        shared: words[at + SHARED] !== 0,
      });
    }
    return places;
  }
}
