/** Names that come again and again, as the very same string: made once, and found soonest by a Map. */

/** A power of two. */
const PLACES = 1 << 13;
/** Longer ones are made each time. */
const LONGEST = 64;

export class TextCache {
  readonly #bytes = new Uint8Array(PLACES * LONGEST);
  readonly #lengths = new Uint8Array(PLACES);
  readonly #texts: string[] = new Array<string>(PLACES).fill('');

  /** The text of bytes[start, end), which are UTF-8. */
  of(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const first = place * LONGEST;
    const known = this.#bytes;
    if (this.#lengths[place] === length) {
      let at = 0;
      while (at < length && known[first + at] === bytes[start + at]) at++;
      if (at === length) return this.#texts[place] as string;
    }
    const text = bytes.toString('utf8', start, end);
    for (let at = 0; at < length; at++) known[first + at] = bytes[start + at] as number;
    this.#lengths[place] = length;
    this.#texts[place] = text;
    return text;
  }
}
