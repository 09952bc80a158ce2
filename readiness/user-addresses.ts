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
const LAST = 4;
const SIZE = 10;

/** For so many places there is room. A user moves to the next one when it is full, and what he leaves lies waste. */
const rooms = [1, 3, 6, 12, MOST_ADDRESSES];

const same = (words: Int32Array, at: number, address: AddressWords): boolean =>
  words[at + 3] === ((address[3] as number) | 0) &&
  words[at + 2] === ((address[2] as number) | 0) &&
  words[at + 1] === ((address[1] as number) | 0) &&
  words[at] === ((address[0] as number) | 0);

const scratch = new Uint32Array(4);

export class UserAddresses {
  readonly #records = new Records(SIZE);
  /** By user: where his first place is, behind which the others are; how many there are, and for how many there is room. */
  #first = new Int32Array(1 << 10);
  #held = new Uint8Array(1 << 10);
  #room = new Uint8Array(1 << 10);
  /** Had more than are kept. */
  readonly #many = new Set<number>();

  /** The place where a user was seen, or -1. The one that was asked for last stands first. */
  find(user: number, address: AddressWords): number {
    const held = this.#held[user];
    if (held === undefined || held === 0) return -1;
    const { words } = this.#records;
    const first = this.#first[user] as number;
    if (same(words, first, address)) return first;
    const end = first + held * SIZE;
    for (let at = first + SIZE; at < end; at += SIZE) {
      if (!same(words, at, address)) continue;
      for (let word = 0; word < SIZE; word++) {
        const other = words[first + word] as number;
        words[first + word] = words[at + word] as number;
        words[at + word] = other;
      }
      return first;
    }
    return -1;
  }

  /** The place where a user is seen at that time. The one of longest ago is forgotten for a new one, if there are many. */
  seen(user: number, address: AddressWords, at: number): number {
    const known = this.find(user, address);
    if (known < 0) return this.#add(user, address, at);
    const { numbers } = this.#records;
    if (at > (numbers[known / 2 + LAST] as number)) numbers[known / 2 + LAST] = at;
    return known;
  }

  #add(user: number, address: AddressWords, at: number): number {
    const place = this.#place(user);
    const { words, numbers } = this.#records;
    for (let word = 0; word < 4; word++) words[place + word] = address[word] as number;
    for (let number = LOGINS; number <= SHARED; number++) words[place + number] = 0;
    numbers[place / 2 + LAST] = at;
    return place;
  }

  /** A place for another address of a user. */
  #place(user: number): number {
    if (user >= this.#first.length) this.#grow(user);
    const held = this.#held[user] as number;
    if (held === MOST_ADDRESSES) {
      this.#many.add(user);
      return this.#oldest(user);
    }
    if (held === this.#room[user]) this.#move(user, rooms.find((room) => room > held) as number);
    this.#held[user] = held + 1;
    return (this.#first[user] as number) + held * SIZE;
  }

  /** To where there is room for so many. */
  #move(user: number, room: number): void {
    const from = this.#first[user] as number;
    const to = this.#records.add(room);
    this.#records.words.copyWithin(to, from, from + (this.#held[user] as number) * SIZE);
    this.#first[user] = to;
    this.#room[user] = room;
  }

  #grow(user: number): void {
    const length = Math.max(this.#first.length, user) * 2;
    const [first, held, room] = [new Int32Array(length), new Uint8Array(length), new Uint8Array(length)];
    first.set(this.#first);
    held.set(this.#held);
    room.set(this.#room);
    this.#first = first;
    this.#held = held;
    this.#room = room;
  }

  #oldest(user: number): number {
    const { numbers } = this.#records;
    const first = this.#first[user] as number;
    const end = first + MOST_ADDRESSES * SIZE;
    let oldest = first;
    for (let place = first + SIZE; place < end; place += SIZE) {
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
    return this.#many.has(user);
  }

  of(user: number): UserAddress[] {
    const { words, numbers } = this.#records;
    return Array.from({ length: this.#held[user] ?? 0 }, (_, index) => {
      const at = (this.#first[user] as number) + index * SIZE;
      for (let word = 0; word < 4; word++) scratch[word] = words[at + word] as number;
      return {
        address: addressText(scratch),
        last: numbers[at / 2 + LAST] as number,
        logins: words[at + LOGINS] as number,
        popRelayed: words[at + POP_RELAYED] as number,
        authenticated: words[at + AUTHENTICATED] as number,
        shared: words[at + SHARED] !== 0,
      };
    });
  }
}
