/**
 * Which user an SMTP session is of. sendmail writes `AUTH=server` once in a session, with the process id but without a
 * queue id, and each message of the session has a `from=` line of the same process. Process ids are used again, so a
 * session is also told by the client’s address, by its age, and by the A of `proto=ESMTPA` where sendmail writes it.
 */
import type { AddressWords } from './address.ts';
import { RecordTable } from './record-table.ts';

/** sendmail’s default for Timeout.command is an hour: a session that is silent for longer is over. */
const LONGEST_SILENCE = 3_600_000;
/**
 * STARTTLS ends no session that was heard of within this time, in ms: its line may come behind that of AUTH, and a client
 * may well begin it after AUTH, which sendmail then keeps. No process id is used again so soon.
 */
const SAME_SESSION = 10_000;
/** So many are kept at least: a power of two. */
const MOST_SESSIONS = 1 << 14;

/** Powers of two. */
const SLOTS = 1 << 16;
const LAST_SLOTS = 1 << 14;

const clientOf = (address: AddressWords): number => {
  const low = Math.imul((address[3] as number) ^ Math.imul(address[1] as number, 0x85ebca6b), 0x9e3779b1);
  return low ^ (low >>> 15) ^ (address[2] as number);
};

// A session: process, client, user and the line of its AUTH; when AUTH was, and when it was last heard of, in ms; and
// whether AUTH was in clear, as far as is known.
const USER = 2;
const ORDER = 3;
const AT = 2;
const SEEN = 3;
const CLEAR = 8;
const WORDS = 10;
/** The user of a session that has ended. */
const ENDED = -1;

const lastSlotOf = (process: number, client: number) => (process ^ client ^ (client >>> 14)) & (LAST_SLOTS - 1);

export class SmtpSessions {
  // What was not heard of while a half was filled is forgotten.
  #young = new RecordTable(MOST_SESSIONS, WORDS);
  #old = new RecordTable(MOST_SESSIONS, WORDS);
  // Since when a process has been serving the client that it serves now: one number for both, and the time in ms.
  readonly #serving = new Float64Array(SLOTS * 2);
  // The line of the last AUTH of processes and clients that have a slot in common.
  readonly #lastAuth = new Uint32Array(LAST_SLOTS);

  /**
   * Notes an AUTH. `order` counts lines, so that it can be told which line came first.
   * @param clear that no TLS of the session is known
   */
  authenticated(process: number, address: AddressWords, at: number, order: number, user: number, clear: boolean): void {
    const client = clientOf(address);
    this.#serves(process, client, at);
    this.#lastAuth[lastSlotOf(process, client)] = order;
    let place = this.#young.search(process, client);
    if (place < 0) place = this.#place(process, client);
    const { words, numbers } = this.#young;
    words[place + USER] = user;
    words[place + ORDER] = order;
    words[place + CLEAR] = clear ? 1 : 0;
    numbers[place / 2 + AT] = at;
    numbers[place / 2 + SEEN] = at;
  }

  /** A new place among the young. */
  #place(process: number, client: number): number {
    if (this.#young.count >= MOST_SESSIONS) {
      const forgotten = this.#old;
      this.#old = this.#young;
      forgotten.clear();
      this.#young = forgotten;
    }
    return this.#young.add(process, client);
  }

  /** The place of a session among the young, or -1. */
  #find(process: number, client: number): number {
    const place = this.#young.search(process, client);
    if (place >= 0) return this.#young.words[place + USER] === ENDED ? -1 : place;
    const before = this.#old.search(process, client);
    if (before < 0 || this.#old.words[before + USER] === ENDED) return -1;
    const session = this.#old.words.slice(before, before + WORDS);
    const renewed = this.#place(process, client);
    this.#young.words.set(session, renewed);
    return renewed;
  }

  /** Since when, in ms. */
  #serves(process: number, client: number, at: number): number {
    const key = (process >>> 0) * 1048576 + (client & 1048575) + 1;
    const slot = ((process ^ (process >>> 16)) & (SLOTS - 1)) * 2;
    const serving = this.#serving;
    if (serving[slot] !== key || at < (serving[slot + 1] as number)) {
      serving[slot] = key;
      serving[slot + 1] = at;
    }
    return serving[slot + 1] as number;
  }

  /**
   * The user of the session that a message came in, or -1.
   * @param shown that sendmail shows AUTH in proto=; then `authenticated` is what it shows, and it tells sessions apart
   */
  userOf(process: number, address: AddressWords, at: number, shown: boolean, authenticated: boolean): number {
    if (shown && !authenticated) return -1;
    const client = clientOf(address);
    const since = shown ? 0 : this.#serves(process, client, at);
    const place = this.#find(process, client);
    if (place < 0) return -1;
    const { words, numbers } = this.#young;
    const seen = numbers[place / 2 + SEEN] as number;
    if (at - seen > LONGEST_SILENCE || since > seen) return -1;
    if (at > seen) numbers[place / 2 + SEEN] = at;
    return words[place + USER] as number;
  }

  /** The same for a message whose AUTH line came after its own: the lines were out of order. */
  lateUserOf(process: number, address: AddressWords, at: number, order: number): number {
    const client = clientOf(address);
    // Nearly always there was none.
    if ((this.#lastAuth[lastSlotOf(process, client)] as number) <= order) return -1;
    const place = this.#find(process, client);
    if (place < 0) return -1;
    const { words, numbers } = this.#young;
    const began = numbers[place / 2 + AT] as number;
    const late = (words[place + ORDER] as number) >>> 0 > order && began <= at;
    return late && at - began <= LONGEST_SILENCE ? (words[place + USER] as number) : -1;
  }

  /**
   * STARTTLS: a process that was serving that client some time ago has begun another session with it. Returns the user who
   * had logged in with AUTH in this one, and seemed to have done so in clear, because the lines were out of order; or -1.
   * @param ends a session that was heard of some time ago; otherwise something else tells sessions apart
   */
  encrypted(process: number, address: AddressWords, at: number, ends: boolean): number {
    const place = this.#find(process, clientOf(address));
    if (place < 0) return -1;
    const { words, numbers } = this.#young;
    if (at > (numbers[place / 2 + SEEN] as number) + SAME_SESSION) {
      if (ends) words[place + USER] = ENDED;
      return -1;
    }
    const began = numbers[place / 2 + AT] as number;
    if (words[place + CLEAR] === 0 || at > began || began - at > LONGEST_SILENCE) return -1;
    words[place + CLEAR] = 0;
    return words[place + USER] as number;
  }
}

// TLS of a process: the process, the last word of the client’s address, the version; when it began, in ms.
const PROCESS = 0;
const LOW = 1;
const VERSION = 2;
const BEGAN = 2;
const TLS_WORDS = 6;

/** The TLS version of each process’s session. */
export class TlsSessions {
  readonly #words = new Int32Array(SLOTS * TLS_WORDS);
  readonly #numbers = new Float64Array(this.#words.buffer);
  readonly #versions: string[] = [];

  started(process: number, address: AddressWords, at: number, version: string): void {
    let index = this.#versions.indexOf(version);
    if (index < 0) {
      if (this.#versions.length >= 255) return;
      index = this.#versions.push(version) - 1;
    }
    const place = (process & (SLOTS - 1)) * TLS_WORDS;
    const words = this.#words;
    words[place + PROCESS] = process;
    words[place + LOW] = address[3] as number;
    words[place + VERSION] = index;
    this.#numbers[place / 2 + BEGAN] = at;
  }

  versionOf(process: number, address: AddressWords, at: number): string | undefined {
    if (this.#versions.length === 0) return undefined;
    const place = (process & (SLOTS - 1)) * TLS_WORDS;
    const words = this.#words;
    const fits =
      words[place + PROCESS] === process &&
      words[place + LOW] === ((address[3] as number) | 0) &&
      Math.abs(at - (this.#numbers[place / 2 + BEGAN] as number)) <= LONGEST_SILENCE;
    return fits ? this.#versions[words[place + VERSION] as number] : undefined;
  }
}
