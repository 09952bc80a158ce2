/** Records of a fixed size in one piece of memory, which grows: side by side, and nothing that has to be collected. */

const FEW = 1 << 10;

export class Records {
  /** The records, and the same memory as numbers of 64 bits. Another one when it has grown. */
  words: Int32Array;
  numbers: Float64Array;
  count = 0;
  readonly #size: number;

  /** @param size of a record in words of 32 bits: an even number */
  constructor(size: number) {
    this.#size = size;
    this.words = new Int32Array(FEW * size);
    this.numbers = new Float64Array(this.words.buffer);
  }

  /** New records of zeros, one behind another: where the words of the first are. */
  add(count = 1): number {
    const at = this.count * this.#size;
    this.count += count;
    if (this.count * this.#size > this.words.length) {
      const grown = new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
      this.numbers = new Float64Array(grown.buffer);
    }
    return at;
  }

  /** Forgets them all, and keeps the memory. */
  clear(): void {
    this.words.fill(0, 0, this.count * this.#size);
    this.count = 0;
  }
}
