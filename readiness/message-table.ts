/**
 * The messages that sendmail has taken and not finished with, by queue id. A log of 10 GB has tens of millions: they are
 * numbers in arrays of fixed size, so that memory stays flat and nothing is left to collect. What has not been spoken of
 * for as many messages as a half holds is forgotten, unless its delivery was deferred: that is tried for days.
 */
import type { AddressWords } from './address.ts';

/** Bits of the flags. */
export const LOCAL = 1;
export const COUNTED = 2;
export const AUTHENTICATED = 4;
export const FORWARDED = 8;
const DEFERRED = 16;
/** The milliseconds of the time stand above the flags. */
const FLAGS = 0xffff;

/** sendmail’s default for Timeout.queuereturn is five days; many have a week. */
const LONGEST_IN_QUEUE = 8 * 86_400;

// The words of a message. All of them lie side by side, in one or two lines of the processor’s cache.
const KEY_A = 0;
const KEY_B = 1;
const SECONDS = 2;
const ADDRESS = 3;
const PROCESS = 7;
const SESSION = 8;
const STATE = 9;
const ORDER = 10;
const WORDS = 11;

export class MessageTable {
  readonly #most: number;
  readonly #mask: number;
  #young: Int32Array;
  #old: Int32Array;
  #count = 0;

  /** @param most messages in a half: a power of two */
  constructor(most = 1 << 16) {
    this.#most = most;
    this.#mask = most * 2 - 1;
    this.#young = new Int32Array(most * 2 * WORDS);
    this.#old = new Int32Array(most * 2 * WORDS);
  }

  /** Where the key is in a half, or -1 - where it belongs. The key (0, 0) is that of a free place. */
  #search(half: Int32Array, a: number, b: number): number {
    const mask = this.#mask;
    let slot = (a ^ (b << 7)) & mask;
    for (;;) {
      const at = slot * WORDS;
      const key = half[at];
      if (key === a && half[at + KEY_B] === b) return at;
      if (key === 0 && half[at + KEY_B] === 0) return -1 - at;
      slot = (slot + 1) & mask;
    }
  }

  /** The place of a message, which this mention renews; -1 if it is not known. Good until the next `add` or `find`. */
  find(a: number, b: number): number {
    const at = this.#search(this.#young, a, b);
    if (at >= 0) return at;
    const old = this.#search(this.#old, a, b);
    if (old < 0) return -1;
    const message = this.#old.slice(old, old + WORDS);
    if (this.#count >= this.#most) this.#turn();
    return this.#put(message);
  }

  #put(message: Int32Array): number {
    const found = this.#search(this.#young, message[KEY_A] as number, message[KEY_B] as number);
    const at = found < 0 ? -1 - found : found;
    this.#young.set(message, at);
    if (found < 0) this.#count++;
    return at;
  }

  #turn(): void {
    const forgotten = this.#old;
    this.#old = this.#young;
    this.#young = new Int32Array(0);
    const now = this.#latest;
    const deferred: Int32Array[] = [];
    for (let at = 0; at < forgotten.length && deferred.length < this.#most / 2; at += WORDS) {
      const waits = ((forgotten[at + STATE] as number) & (DEFERRED | COUNTED)) === DEFERRED;
      const age = now - ((forgotten[at + SECONDS] as number) >>> 0);
      if (waits && (forgotten[at] !== 0 || forgotten[at + KEY_B] !== 0) && age < LONGEST_IN_QUEUE) {
        deferred.push(forgotten.slice(at, at + WORDS));
      }
    }
    forgotten.fill(0);
    this.#young = forgotten;
    this.#count = 0;
    for (const message of deferred) {
      // It was mentioned since, and lives in the other half already.
      if (this.#search(this.#old, message[KEY_A] as number, message[KEY_B] as number) < 0) this.#put(message);
    }
  }

  #latest = 0;

  /** Adds a message, with its time in ms, and returns its place; -1 if it is there already. */
  add(a: number, b: number, time: number, address: AddressWords, process: number, order: number): number {
    let at = this.#search(this.#young, a, b);
    if (at >= 0 || this.#search(this.#old, a, b) >= 0) return -1;
    if (this.#count >= this.#most) {
      this.#turn();
      at = this.#search(this.#young, a, b);
    }
    const half = this.#young;
    at = -1 - at;
    const seconds = Math.floor(time / 1000);
    this.#latest = seconds;
    half[at] = a;
    half[at + KEY_B] = b;
    half[at + SECONDS] = seconds;
    half[at + ADDRESS] = address[0];
    half[at + ADDRESS + 1] = address[1];
    half[at + ADDRESS + 2] = address[2];
    half[at + ADDRESS + 3] = address[3];
    half[at + PROCESS] = process;
    half[at + SESSION] = 0;
    half[at + ORDER] = order;
    half[at + STATE] = (time - seconds * 1000) << 16;
    this.#count++;
    return at;
  }

  keyA(at: number): number {
    return this.#young[at + KEY_A] as number;
  }

  keyB(at: number): number {
    return this.#young[at + KEY_B] as number;
  }

  flags(at: number): number {
    return (this.#young[at + STATE] as number) & FLAGS;
  }

  mark(at: number, flags: number): void {
    this.#young[at + STATE] = (this.#young[at + STATE] as number) | flags;
  }

  deferred(at: number): void {
    this.mark(at, DEFERRED);
  }

  /** A number that is not negative, or -1. */
  session(at: number): number {
    return (this.#young[at + SESSION] as number) - 1;
  }

  setSession(at: number, session: number): void {
    this.#young[at + SESSION] = session + 1;
  }

  process(at: number): number {
    return this.#young[at + PROCESS] as number;
  }

  /** Which line it was. */
  order(at: number): number {
    return (this.#young[at + ORDER] as number) >>> 0;
  }

  /** In ms. */
  time(at: number): number {
    return ((this.#young[at + SECONDS] as number) >>> 0) * 1000 + ((this.#young[at + STATE] as number) >>> 16);
  }

  address(at: number): AddressWords {
    const half = this.#young;
    return [
      (half[at + ADDRESS] as number) >>> 0,
      (half[at + ADDRESS + 1] as number) >>> 0,
      (half[at + ADDRESS + 2] as number) >>> 0,
      (half[at + ADDRESS + 3] as number) >>> 0,
    ];
  }
}
