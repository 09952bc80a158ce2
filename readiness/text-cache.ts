/** What is made of names that come again and again: once for each, as long as few others come between. */

/** A power of two. */
const PLACES = 1 << 13;
/** Longer ones are made each time. */
const LONGEST = 64;

export class TextCache<T> {
  readonly #make: (text: string) => T;
  readonly #bytes = new Uint8Array(PLACES * LONGEST);
  /** More than the longest: the place is free. */
  readonly #lengths = new Uint8Array(PLACES).fill(LONGEST + 1);
  readonly #values: (T | undefined)[] = new Array<T | undefined>(PLACES).fill(undefined);

  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  /** What is made of a text, without looking for it. */
  made(text: string): T {
    return this.#make(text);
  }

  /** What is made of bytes[start, end), which are UTF-8. */
  of(bytes: Buffer, start: number, end: number): T {
    const length = end - start;
    if (length > LONGEST) return this.#make(bytes.toString('utf8', start, end));
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const first = place * LONGEST;
    const known = this.#bytes;
    if (this.#lengths[place] === length) {
      let at = 0;
      while (at < length && known[first + at] === bytes[start + at]) at++;
      if (at === length) return this.#values[place] as T;
    }
    const value = this.#make(bytes.toString('utf8', start, end));
    for (let at = 0; at < length; at++) known[first + at] = bytes[start + at] as number;
    this.#lengths[place] = length;
    this.#values[place] = value;
    return value;
  }
}
