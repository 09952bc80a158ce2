/**
 * Which user an SMTP session is of. sendmail writes `AUTH=server` once in a session, with the process id but without a
 * queue id, and each message of the session has a `from=` line of the same process. Process ids are used again, so a
 * session is also told by the client’s address, by its age, and by the A of `proto=ESMTPA` where sendmail writes it.
 */
import type { AddressWords } from './address.ts';

/** sendmail’s default for Timeout.command is an hour: a session that is silent for longer is over. */
const LONGEST_SILENCE = 3_600_000;
/** So many are kept at least: a power of two. */
const MOST_SESSIONS = 1 << 14;

const SLOTS = 1 << 16;

/** One number for a process and a client. */
const keyOf = (process: number, client: number): number => (process >>> 0) * 1048576 + (client & 1048575);

const clientOf = (address: ArrayLike<number>): number => {
  const low = Math.imul((address[3] as number) ^ Math.imul(address[1] as number, 0x85ebca6b), 0x9e3779b1);
  return low ^ (low >>> 15) ^ (address[2] as number);
};

/** Sessions by process and client, in arrays: there is one for each AUTH of a log, and none of them is collected. */
class Sessions {
  readonly process = new Int32Array(MOST_SESSIONS * 2);
  readonly client = new Int32Array(MOST_SESSIONS * 2);
  /** When AUTH was, and when the session was last heard of, in ms. */
  readonly at = new Float64Array(MOST_SESSIONS * 2);
  readonly seen = new Float64Array(MOST_SESSIONS * 2);
  readonly order = new Uint32Array(MOST_SESSIONS * 2);
  /** 0: a free place. */
  readonly state = new Uint8Array(MOST_SESSIONS * 2);
  readonly user = new Int32Array(MOST_SESSIONS * 2);
  count = 0;

  /** Where a session is, or -1 - where it belongs. */
  search(process: number, client: number): number {
    let slot = (Math.imul(process, 0x9e3779b1) ^ client) & (MOST_SESSIONS * 2 - 1);
    while (this.state[slot] !== FREE) {
      if (this.process[slot] === process && this.client[slot] === client) return slot;
      slot = (slot + 1) & (MOST_SESSIONS * 2 - 1);
    }
    return -1 - slot;
  }

  clear(): void {
    this.state.fill(FREE);
    this.count = 0;
  }
}

const FREE = 0;
const OPEN = 1;
const ENDED = 2;

export class SmtpSessions {
  // What was not heard of while a half was filled is forgotten.
  #young = new Sessions();
  #old = new Sessions();
  // Since when a process has been serving the client that it serves now.
  readonly #process = new Int32Array(SLOTS);
  readonly #client = new Float64Array(SLOTS);
  readonly #since = new Float64Array(SLOTS);

  /** Notes an AUTH. `order` counts lines, so that it can be told which line came first. */
  authenticated(process: number, address: AddressWords, at: number, order: number, user: number): void {
    const client = clientOf(address);
    this.#serves(process, keyOf(process, client), at);
    let slot = this.#young.search(process, client);
    if (slot < 0) slot = this.#place(process, client);
    const half = this.#young;
    half.state[slot] = OPEN;
    half.at[slot] = at;
    half.seen[slot] = at;
    half.order[slot] = order;
    half.user[slot] = user;
  }

  /** A new place among the young. */
  #place(process: number, client: number): number {
    if (this.#young.count >= MOST_SESSIONS) {
      const forgotten = this.#old;
      this.#old = this.#young;
      forgotten.clear();
      this.#young = forgotten;
    }
    const half = this.#young;
    const slot = -1 - half.search(process, client);
    half.process[slot] = process;
    half.client[slot] = client;
    half.count++;
    return slot;
  }

  /** The place of a session among the young, or -1. */
  #find(process: number, client: number): number {
    const slot = this.#young.search(process, client);
    if (slot >= 0) return this.#young.state[slot] === OPEN ? slot : -1;
    const old = this.#old;
    const before = old.search(process, client);
    if (before < 0 || old.state[before] !== OPEN) return -1;
    const { at, seen, order, user } = old;
    const [began, last, line, who] = [at[before], seen[before], order[before], user[before]] as number[];
    const place = this.#place(process, client);
    const half = this.#young;
    half.state[place] = OPEN;
    half.at[place] = began as number;
    half.seen[place] = last as number;
    half.order[place] = line as number;
    half.user[place] = who as number;
    return place;
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
    const client = clientOf(address);
    const since = shown ? 0 : this.#serves(process, keyOf(process, client), at);
    const slot = this.#find(process, client);
    if (slot < 0) return -1;
    const half = this.#young;
    const seen = half.seen[slot] as number;
    if (at - seen > LONGEST_SILENCE || since > seen) return -1;
    if (at > seen) half.seen[slot] = at;
    return half.user[slot] as number;
  }

  /** The same for a message whose AUTH line came after its own: the lines were out of order. */
  lateUserOf(process: number, address: AddressWords, at: number, order: number): number {
    const slot = this.#find(process, clientOf(address));
    if (slot < 0) return -1;
    const half = this.#young;
    const began = half.at[slot] as number;
    const late = (half.order[slot] as number) > order && began <= at;
    return late && at - began <= LONGEST_SILENCE ? (half.user[slot] as number) : -1;
  }

  /** The process begins another session with that client, or has ended the one it had. */
  ended(process: number, address: AddressWords): void {
    const slot = this.#find(process, clientOf(address));
    if (slot >= 0) this.#young.state[slot] = ENDED;
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
