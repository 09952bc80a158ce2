/** Messages that have gone out and are judged later, in the order in which they went: numbers in rings of fixed size. */
import type { AddressWords } from './address.ts';

/** A power of two. */
const PLACES = 1 << 16;

export class WaitingMessages<Host> {
  #first = 0;
  #count = 0;
  readonly #hosts: (Host | undefined)[] = new Array<Host | undefined>(PLACES).fill(undefined);
  readonly #words = new Uint32Array(PLACES * 4);
  /** When its delivery was logged, in ms. */
  readonly due = new Float64Array(PLACES);
  /** When it was taken, in ms. */
  readonly at = new Float64Array(PLACES);
  readonly keyA = new Int32Array(PLACES);
  readonly keyB = new Int32Array(PLACES);
  /** Which line it was. */
  readonly order = new Uint32Array(PLACES);
  readonly process = new Int32Array(PLACES);
  readonly user = new Int32Array(PLACES);
  readonly authenticated = new Uint8Array(PLACES);
  readonly recipients = new Uint8Array(PLACES);

  get count(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count === PLACES;
  }

  /** The place of the first, which is good until another one is added. */
  get first(): number {
    return this.#first;
  }

  host(place: number): Host {
    return this.#hosts[place] as Host;
  }

  address(place: number, into: AddressWords): void {
    for (let word = 0; word < 4; word++) into[word] = this.#words[place * 4 + word] as number;
  }

  /** The place of a new one, the last. There must be room. */
  add(host: Host, address: AddressWords): number {
    const place = (this.#first + this.#count++) & (PLACES - 1);
    this.#hosts[place] = host;
    for (let word = 0; word < 4; word++) this.#words[place * 4 + word] = address[word] as number;
    return place;
  }

  /** Lets the first one go. */
  drop(): void {
    this.#first = (this.#first + 1) & (PLACES - 1);
    this.#count--;
  }
}
