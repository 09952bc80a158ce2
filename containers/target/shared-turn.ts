/**
 * A piece of work that tells callers how things stand now, such as a look into the queue. One that is under way may have
 * begun before what a caller asks about: callers who come meanwhile share the next turn, which begins after they called.
 */
export class SharedTurn<T> {
  readonly #work: () => Promise<T>;
  #current: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | undefined;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  /** A turn that begins after this call; it fails as the work does. */
  take(): Promise<T> {
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      const turn = this.#work();
      this.#current = turn.catch(() => {});
      return turn;
    });
    return this.#next;
  }
}
