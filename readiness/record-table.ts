/**
 * Records of a fixed size, in the order in which they came, and an index to them that is small: most of what is looked for
 * is not there, and that should be known without a look at memory that is far away.
 */

/** The words of a record that are its key. */
export const KEY_A = 0;
export const KEY_B = 1;

/** Which record it is, is 17 bits of an entry of the index; the others are of its key, and tell most other records apart. */
const PLACE = (1 << 17) - 1;

export class RecordTable {
  /** The records, and the same memory as numbers of 64 bits. */
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly #size: number;
  readonly #index: Int32Array;
  readonly #mask: number;
  count = 0;

  /**
   * @param most records: a power of two, at most 2^16
   * @param size of a record in words of 32 bits: an even number
   */
  constructor(most: number, size: number) {
    this.#size = size;
    this.words = new Int32Array(most * size);
    this.numbers = new Float64Array(this.words.buffer);
    this.#index = new Int32Array(most * 2);
    this.#mask = most * 2 - 1;
  }

  /** Where the words of a record are, or -1. */
  search(a: number, b: number): number {
    const index = this.#index;
    const mask = this.#mask;
    const mixed = a ^ Math.imul(b, 0x9e3779b1);
    const tag = mixed & ~PLACE;
    for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const entry = index[slot] as number;
      if (entry === 0) return -1;
      if ((entry & ~PLACE) !== tag) continue;
      const at = ((entry & PLACE) - 1) * this.#size;
      if (this.words[at + KEY_A] === a && this.words[at + KEY_B] === b) return at;
    }
  }

  /** A new record, which must not be there yet and for which there must be room: where its words are. */
  add(a: number, b: number): number {
    const index = this.#index;
    const mask = this.#mask;
    const mixed = a ^ Math.imul(b, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (index[slot] !== 0) slot = (slot + 1) & mask;
    const at = this.count * this.#size;
    index[slot] = (mixed & ~PLACE) | ++this.count;
    this.words[at + KEY_A] = a;
    this.words[at + KEY_B] = b;
    return at;
  }

  clear(): void {
    this.#index.fill(0);
    this.count = 0;
  }
}
