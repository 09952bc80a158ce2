/** What is made of names that come again and again: once for each, as long as few others come between. */

/** A power of two. Of each text there are two places where it may be. */
const PLACES = 1 << 15;
/** Longer ones are made each time. */
const LONGEST = 40;

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
    if (this.#is(place, bytes, start, length)) return this.#values[place] as T;
    const other = place ^ 1;
    if (this.#is(other, bytes, start, length)) return this.#values[other] as T;
    const value = this.#make(bytes.toString('utf8', start, end));
    const free = (this.#lengths[place] as number) > LONGEST ? place : other;
    for (let at = 0; at < length; at++) this.#bytes[free * LONGEST + at] = bytes[start + at] as number;
    this.#lengths[free] = length;
    this.#values[free] = value;
    return value;
  }

  #is(place: number, bytes: Buffer, start: number, length: number): boolean {
    if (this.#lengths[place] !== length) return false;
    const known = this.#bytes;
    const first = place * LONGEST;
    for (let at = 0; at < length; at++) if (known[first + at] !== bytes[start + at]) return false;
    return true;
  }
}
