/**
 * The messages that sendmail has taken and not finished with, by queue id. A log of 10 GB has tens of millions: they are
 * numbers in arrays of fixed size, so that memory stays flat and nothing is left to collect. What has not been spoken of
 * for as many messages as a half holds is forgotten, unless its delivery was deferred: that is tried for days.
 */
import type { AddressWords } from './address.ts';
import { KEY_A, KEY_B, RecordTable } from './record-table.ts';

/** Bits of the flags. */
export const LOCAL = 1;
export const COUNTED = 2;
export const AUTHENTICATED = 4;
export const FORWARDED = 8;
export const HANDED = 32;
const DEFERRED = 16;
/** The milliseconds of the time stand above the flags. */
const FLAGS = 0xffff;

/** sendmail’s default for Timeout.queuereturn is five days; many have a week. */
const LONGEST_IN_QUEUE = 8 * 86_400;

// The words of a message. All of them lie side by side, in one or two lines of the processor’s cache.
const SECONDS = 2;
const ADDRESS = 3;
const PROCESS = 7;
const SESSION = 8;
const STATE = 9;
const ORDER = 10;
const WORDS = 12;

/** One half. */
class Messages extends RecordTable {
  /** How many of them were deferred once. */
  deferred = 0;

  constructor(most: number) {
    super(most, WORDS);
  }

  override clear(): void {
    super.clear();
    this.deferred = 0;
  }
}

export class MessageTable {
  readonly #most: number;
  #young: Messages;
  #old: Messages;

  /** @param most messages in a half: a power of two, at most 2^16 */
  constructor(most = 1 << 16) {
    this.#most = most;
    this.#young = new Messages(most);
    this.#old = new Messages(most);
  }

  /** The place of a message, which this mention renews; -1 if it is not known. Good until the next `add` or `find`. */
  find(a: number, b: number): number {
    const at = this.#young.search(a, b);
    if (at >= 0) return at;
    const old = this.#old.search(a, b);
    if (old < 0) return -1;
    const message = this.#old.words.slice(old, old + WORDS);
    if (this.#young.count >= this.#most) this.#turn();
    return this.#put(message);
  }

  #put(message: Int32Array): number {
    const [a, b] = [message[KEY_A] as number, message[KEY_B] as number];
    const found = this.#young.search(a, b);
    const at = found < 0 ? this.#young.add(a, b) : found;
    this.#young.words.set(message, at);
    if (((message[STATE] as number) & DEFERRED) !== 0) this.#young.deferred++;
    return at;
  }

  #turn(): void {
    const forgotten = this.#old;
    const now = this.#latest;
    const deferred: Int32Array[] = [];
    if (forgotten.deferred > 0) {
      const { words } = forgotten;
      const end = forgotten.count * WORDS;
      for (let at = 0; at < end && deferred.length < this.#most / 2; at += WORDS) {
        const waits = ((words[at + STATE] as number) & (DEFERRED | COUNTED)) === DEFERRED;
        const age = now - ((words[at + SECONDS] as number) >>> 0);
        if (waits && age < LONGEST_IN_QUEUE) deferred.push(words.slice(at, at + WORDS));
      }
    }
    forgotten.clear();
    this.#old = this.#young;
    this.#young = forgotten;
    for (const message of deferred) {
      // It was mentioned since, and lives in the other half already.
      if (this.#old.search(message[KEY_A] as number, message[KEY_B] as number) < 0) this.#put(message);
    }
  }

  #latest = 0;

  /**
   * Adds a message, with its time in ms, and returns its place; -1 if it is there already, because the same line is in two
   * logs.
   * @param remote that it came over the network: queue ids come again, and then what was known by it is forgotten
   */
  add(
    a: number,
    b: number,
    time: number,
    address: AddressWords,
    process: number,
    order: number,
    remote: boolean,
  ): number {
    let at = this.find(a, b);
    if (at >= 0 && (!remote || this.#same(at, time, address))) return -1;
    if (at < 0) {
      if (this.#young.count >= this.#most) this.#turn();
      at = this.#young.add(a, b);
    }
    const { words } = this.#young;
    const seconds = Math.floor(time / 1000);
    this.#latest = seconds;
    words[at + SECONDS] = seconds;
    for (let word = 0; word < 4; word++) words[at + ADDRESS + word] = address[word] as number;
    words[at + PROCESS] = process;
    words[at + SESSION] = 0;
    words[at + ORDER] = order;
    words[at + STATE] = (time - seconds * 1000) << 16;
    return at;
  }

  /** Logs may write the same time with and without its fraction. */
  #same(at: number, time: number, address: AddressWords): boolean {
    const { words } = this.#young;
    for (let word = 0; word < 4; word++) {
      if (words[at + ADDRESS + word] !== ((address[word] as number) | 0)) return false;
    }
    return (words[at + SECONDS] as number) >>> 0 === Math.floor(time / 1000);
  }

  keyA(at: number): number {
    return this.#young.words[at + KEY_A] as number;
  }

  keyB(at: number): number {
    return this.#young.words[at + KEY_B] as number;
  }

  flags(at: number): number {
    return (this.#young.words[at + STATE] as number) & FLAGS;
  }

  mark(at: number, flags: number): void {
    this.#young.words[at + STATE] = (this.#young.words[at + STATE] as number) | flags;
  }

  deferred(at: number): void {
    this.mark(at, DEFERRED);
    this.#young.deferred++;
  }

  /** A number that is not negative, or -1. */
  session(at: number): number {
    return (this.#young.words[at + SESSION] as number) - 1;
  }

  setSession(at: number, session: number): void {
    this.#young.words[at + SESSION] = session + 1;
  }

  process(at: number): number {
    return this.#young.words[at + PROCESS] as number;
  }

  /** Which line it was. */
  order(at: number): number {
    return (this.#young.words[at + ORDER] as number) >>> 0;
  }

  /** In ms. */
  time(at: number): number {
    return (
      ((this.#young.words[at + SECONDS] as number) >>> 0) * 1000 + ((this.#young.words[at + STATE] as number) >>> 16)
    );
  }

  address(at: number, into: AddressWords): void {
    const { words } = this.#young;
    for (let word = 0; word < 4; word++) into[word] = words[at + ADDRESS + word] as number;
  }
}
