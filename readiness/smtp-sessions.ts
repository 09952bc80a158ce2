/**
 * Which user an SMTP session is of. sendmail writes `AUTH=server` once in a session, with the process id but without a
 * queue id, and each message of the session has a `from=` line of the same process. Process ids are used again, so a
 * session is also told by the client’s address, by its age, and by the A of `proto=ESMTPA` where sendmail writes it.
 */
import type { AddressWords } from './address.ts';

/** sendmail’s default for Timeout.command is an hour: a session that is silent for longer is over. */
const LONGEST_SILENCE = 3_600_000;
const MOST_SESSIONS = 40_000;

type Session = { address: AddressWords; at: number; seen: number; order: number; user: number };

const same = (a: AddressWords, b: ArrayLike<number>, from = 0) =>
  a[0] === b[from] && a[1] === b[from + 1] && a[2] === b[from + 2] && a[3] === b[from + 3];

export class SmtpSessions {
  readonly #sessions = new Map<number, Session>();

  /** Notes an AUTH. `order` counts lines, so that it can be told which line came first. */
  authenticated(process: number, address: AddressWords, at: number, order: number, user: number): void {
    this.#sessions.delete(process);
    this.#sessions.set(process, { address: [...address], at, seen: at, order, user });
    if (this.#sessions.size > MOST_SESSIONS) {
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest);
        break;
      }
    }
  }

  /** The user of the session that a message came in, or -1. What shows that the session is another ends it. */
  userOf(process: number, address: AddressWords, at: number, spoken: boolean): number {
    const session = this.#sessions.get(process);
    if (session === undefined) return -1;
    if (spoken && same(session.address, address) && at - session.seen <= LONGEST_SILENCE) {
      if (at > session.seen) session.seen = at;
      return session.user;
    }
    if (at >= session.at) this.#sessions.delete(process);
    return -1;
  }

  /** The same for a message whose AUTH line came after its own: the lines were out of order. */
  lateUserOf(process: number, address: ArrayLike<number>, at: number, order: number): number {
    const session = this.#sessions.get(process);
    return session !== undefined &&
      session.order > order &&
      session.at <= at &&
      at - session.at <= LONGEST_SILENCE &&
      same(session.address, address)
      ? session.user
      : -1;
  }

  /** The process begins another session, or has ended this one. */
  ended(process: number): void {
    this.#sessions.delete(process);
  }
}

const SLOTS = 1 << 16;

/** The TLS version of each process’s session. */
export class TlsSessions {
  readonly #process = new Int32Array(SLOTS);
  readonly #at = new Float64Array(SLOTS);
  readonly #low = new Float64Array(SLOTS);
  readonly #version = new Uint8Array(SLOTS);
  readonly #versions: string[] = [];

  started(process: number, address: AddressWords, at: number, version: string): void {
    let index = this.#versions.indexOf(version);
    if (index < 0) {
      if (this.#versions.length >= 255) return;
      index = this.#versions.push(version) - 1;
    }
    const slot = process & (SLOTS - 1);
    this.#process[slot] = process;
    this.#at[slot] = at;
    this.#low[slot] = address[3];
    this.#version[slot] = index;
  }

  versionOf(process: number, address: AddressWords, at: number): string | undefined {
    const slot = process & (SLOTS - 1);
    const fits =
      this.#process[slot] === process &&
      this.#low[slot] === address[3] &&
      Math.abs(at - (this.#at[slot] as number)) <= LONGEST_SILENCE;
    return fits ? this.#versions[this.#version[slot] as number] : undefined;
  }
}
