/** What is made of text that mostly stays the same from line to line, such as the name of the host. */

export class Remembered<T> {
  readonly #make: (text: string) => T;
  readonly #known = new Map<string, T>();
  #bytes = Buffer.alloc(0);
  #value: T | undefined;

  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  of(bytes: Buffer, start: number, end: number): T {
    const last = this.#bytes;
    const length = end - start;
    if (last.length === length && length > 0) {
      let at = 0;
      while (at < length && last[at] === bytes[start + at]) at++;
      if (at === length) return this.#value as T;
    }
    const text = bytes.toString('latin1', start, Math.min(end, start + 256));
    let value = this.#known.get(text);
    if (value === undefined && !this.#known.has(text)) {
      value = this.#make(text);
      if (this.#known.size < 1000) this.#known.set(text, value);
    }
    this.#bytes = Buffer.from(bytes.subarray(start, end));
    this.#value = value;
    return value as T;
  }
}
