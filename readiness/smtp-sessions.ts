/**
 * Which user an SMTP session is of. sendmail writes `AUTH=server` once in a session, with the process id but without a
 * queue id, and each message of the session has a `from=` line of the same process. Process ids are used again, so a
 * session is also told by the client’s address, by its age, and by the A of `proto=ESMTPA` where sendmail writes it.
 */
import type { AddressWords } from './address.ts';

/** sendmail’s default for Timeout.command is an hour: a session that is silent for longer is over. */
const LONGEST_SILENCE = 3_600_000;
const MOST_SESSIONS = 16_000;

type Session = { at: number; seen: number; order: number; user: number };

const SLOTS = 1 << 16;

/** One number for a process and a client. */
const keyOf = (process: number, address: ArrayLike<number>): number => {
  const low = Math.imul((address[3] as number) ^ Math.imul(address[1] as number, 0x85ebca6b), 0x9e3779b1);
  return (process >>> 0) * 1048576 + ((low ^ (low >>> 15) ^ (address[2] as number)) & 1048575);
};

export class SmtpSessions {
  readonly #sessions = new Map<number, Session>();
  // Since when a process has been serving the client that it serves now.
  readonly #process = new Int32Array(SLOTS);
  readonly #client = new Float64Array(SLOTS);
  readonly #since = new Float64Array(SLOTS);

  /** Notes an AUTH. `order` counts lines, so that it can be told which line came first. */
  authenticated(process: number, address: AddressWords, at: number, order: number, user: number): void {
    const key = keyOf(process, address);
    this.#serves(process, key, at);
    this.#sessions.delete(key);
    this.#sessions.set(key, { at, seen: at, order, user });
    if (this.#sessions.size > MOST_SESSIONS) {
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest);
        break;
      }
    }
  }

  /** Since when, in ms. */
  #serves(process: number, key: number, at: number): number {
    const slot = (process ^ (process >>> 16)) & (SLOTS - 1);
    if (this.#process[slot] !== process || this.#client[slot] !== key) {
      this.#process[slot] = process;
      this.#client[slot] = key;
      this.#since[slot] = at;
    }
    return this.#since[slot] as number;
  }

  /**
   * The user of the session that a message came in, or -1.
   * @param shown that sendmail shows AUTH in proto=; then `authenticated` is what it shows, and it tells sessions apart
   */
  userOf(process: number, address: AddressWords, at: number, shown: boolean, authenticated: boolean): number {
    if (shown && !authenticated) return -1;
    const key = keyOf(process, address);
    const since = shown ? 0 : this.#serves(process, key, at);
    const session = this.#sessions.get(key);
    if (session === undefined || at - session.seen > LONGEST_SILENCE || since > session.seen) return -1;
    if (at > session.seen) session.seen = at;
    return session.user;
  }

  /** The same for a message whose AUTH line came after its own: the lines were out of order. */
  lateUserOf(process: number, address: AddressWords, at: number, order: number): number {
    const session = this.#sessions.get(keyOf(process, address));
    const late = session !== undefined && session.order > order && session.at <= at;
    return late && at - session.at <= LONGEST_SILENCE ? session.user : -1;
  }

  /** The process begins another session with that client, or has ended the one it had. */
  ended(process: number, address: AddressWords): void {
    this.#sessions.delete(keyOf(process, address));
  }
}

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
