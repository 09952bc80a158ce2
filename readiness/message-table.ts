/**
 * The messages that sendmail has taken and not finished with, by queue id. A log of 10 GB has tens of millions: they are
 * numbers in arrays of fixed size, so that memory stays flat and nothing is left to collect. What has not been spoken of
 * for as many messages as a half holds is forgotten; each mention (a deferred delivery is mentioned at every try) renews.
 */
import type { AddressWords } from './address.ts';

/** Bits of `flags`. */
export const LOCAL = 1;
export const COUNTED = 2;
export const AUTHENTICATED = 4;
export const ENCRYPTED = 8;
export const FORWARDED = 16;

class Half {
  readonly #mask: number;
  readonly keyA: Int32Array;
  readonly keyB: Int32Array;
  readonly time: Float64Array;
  /** Four words each. */
  readonly address: Uint32Array;
  readonly process: Int32Array;
  readonly session: Int32Array;
  readonly flags: Uint8Array;
  count = 0;

  constructor(slots: number) {
    this.#mask = slots - 1;
    this.keyA = new Int32Array(slots);
    this.keyB = new Int32Array(slots);
    this.time = new Float64Array(slots);
    this.address = new Uint32Array(slots * 4);
    this.process = new Int32Array(slots);
    this.session = new Int32Array(slots);
    this.flags = new Uint8Array(slots);
  }

  /** The slot of the key, or the free one where it belongs as -1 - slot. The key (0, 0) is that of a free one. */
  find(a: number, b: number): number {
    const { keyA, keyB } = this;
    let slot = (a ^ (b << 7)) & this.#mask;
    for (;;) {
      const key = keyA[slot];
      if (key === a && keyB[slot] === b) return slot;
      if (key === 0 && keyB[slot] === 0) return -1 - slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  copy(slot: number, from: Half, other: number): void {
    this.keyA[slot] = from.keyA[other] as number;
    this.keyB[slot] = from.keyB[other] as number;
    this.time[slot] = from.time[other] as number;
    for (let word = 0; word < 4; word++) this.address[slot * 4 + word] = from.address[other * 4 + word] as number;
    this.process[slot] = from.process[other] as number;
    this.session[slot] = from.session[other] as number;
    this.flags[slot] = from.flags[other] as number;
    this.count++;
  }

  clear(): void {
    if (this.count === 0) return;
    this.keyA.fill(0);
    this.keyB.fill(0);
    this.count = 0;
  }
}

export class MessageTable {
  readonly #most: number;
  #young: Half;
  #old: Half;
  readonly #one = new Half(2);

  /** @param most messages in a half: a power of two */
  constructor(most = 1 << 18) {
    this.#most = most;
    this.#young = new Half(most * 2);
    this.#old = new Half(most * 2);
  }

  /** The arrays that a slot is for. */
  get messages(): Half {
    return this.#young;
  }

  /** The slot of a message, which this mention renews; -1 if it is not known. */
  find(a: number, b: number): number {
    const slot = this.#young.find(a, b);
    if (slot >= 0) return slot;
    const old = this.#old.find(a, b);
    if (old < 0) return -1;
    if (this.#young.count < this.#most) {
      this.#young.copy(-1 - slot, this.#old, old);
      return -1 - slot;
    }
    this.#one.copy(0, this.#old, old);
    this.#turn();
    const free = -1 - this.#young.find(a, b);
    this.#young.copy(free, this.#one, 0);
    return free;
  }

  #turn(): void {
    this.#old.clear();
    [this.#young, this.#old] = [this.#old, this.#young];
  }

  /** Adds a message and returns its slot; -1 if it is there already. */
  add(a: number, b: number, time: number, address: AddressWords, process: number): number {
    if (this.find(a, b) >= 0) return -1;
    if (this.#young.count >= this.#most) this.#turn();
    const half = this.#young;
    const slot = -1 - half.find(a, b);
    half.keyA[slot] = a;
    half.keyB[slot] = b;
    half.time[slot] = time;
    half.address[slot * 4] = address[0];
    half.address[slot * 4 + 1] = address[1];
    half.address[slot * 4 + 2] = address[2];
    half.address[slot * 4 + 3] = address[3];
    half.process[slot] = process;
    half.session[slot] = 0;
    half.flags[slot] = 0;
    half.count++;
    return slot;
  }
}
