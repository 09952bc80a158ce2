/** Bounds how much goes on at once; within the bounds of an outer one, if there is one. */
export class Semaphore {
  #free: number;
  readonly #outer: Semaphore | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number, outer?: Semaphore) {
    this.#free = places;
    this.#outer = outer;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) {
      this.#free--;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await (this.#outer ? this.#outer.run(work) : work());
    } finally {
      const next = this.#waiting.shift();
      if (next) {
        next();
      } else {
        this.#free++;
      }
    }
  }
}
