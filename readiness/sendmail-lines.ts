/**
 * sendmail’s lines about messages, read byte by byte: they are most of a log. What a client or a remote server chose
 * (`from=`, `to=`, `msgid=`, the text behind `stat=`) is stepped over as the quoted thing that it is, and never searched.
 */
import { type AddressWords, isLoopback, mayBeLoopback, newWords, readAddress } from './address.ts';

const COMMA = 0x2c;
const SPACE = 0x20;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const EQUALS = 0x3d;

/** Mailers that keep a message on this machine, or end it here. */
const localMailers = new Set(
  'local prog procmail lmtp cyrus cyrusv2 cyrusbb dovecot deliver maildrop mail.local *file* *include* discard error bitbucket usenet pop phquery'.split(
    ' ',
  ),
);

/** What became of a delivery. */
export type Disposition = 'relayed' | 'handed' | 'deferred' | 'other';

/** Where the client of a message was, and how it spoke. */
export class FromLine {
  readonly address: AddressWords = newWords();
  /** It came over the network. Otherwise a program on this machine made it, and `address` means nothing. */
  remote = false;
  /** The `with` protocol has an A (RFC 3848), or `auth=` names a mechanism. */
  authenticated = false;
  /** The `with` protocol has an S. */
  encrypted = false;

  /** Reads `from=…, size=…, …, relay=…` in bytes[start, end) from its end. False if it was cut off. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.authenticated = false;
    this.encrypted = false;
    this.remote = false;
    let at = relayBefore(bytes, start, end);
    if (at < 0) return false;
    this.remote = readRelay(bytes, at + 8, end, this.address);
    // What stands between msgid= and relay= is sendmail’s own.
    for (let fields = 0; fields < 5; fields++) {
      const last = at;
      at--;
      while (at > start && !(bytes[at] === COMMA && bytes[at + 1] === SPACE)) at--;
      if (at <= start) break;
      const first = bytes[at + 2];
      if (first === 0x70 && bytes[at + 7] === EQUALS) {
        // proto=ESMTPSA
        this.authenticated ||= bytes[last - 1] === 0x41;
        this.encrypted = bytes[last - 1] === 0x53 || (bytes[last - 1] === 0x41 && bytes[last - 2] === 0x53);
        break;
      }
      if (first === 0x61 && bytes[at + 6] === EQUALS) {
        // auth=NONE, or the mechanism
        this.authenticated = !(last - at === 11 && bytes[at + 7] === 0x4e && bytes[at + 8] === 0x4f);
      } else if (first !== 0x64 && first !== 0x74) {
        // neither daemon= nor tls_verify=
        break;
      }
    }
    return true;
  }
}

/** Where the last `, relay=` begins, or -1. Host names hold neither `=` nor a comma. */
function relayBefore(bytes: Uint8Array, start: number, end: number): number {
  const least = Math.max(start + 8, end - 400);
  for (let at = end - 1; at >= least; at--) {
    if (
      bytes[at] === EQUALS &&
      bytes[at - 1] === 0x79 &&
      bytes[at - 2] === 0x61 &&
      bytes[at - 5] === 0x72 &&
      bytes[at - 6] === SPACE &&
      bytes[at - 7] === COMMA
    ) {
      return at - 7;
    }
  }
  return -1;
}

/** Where the address of `host [address] (may be forged)` in bytes[start, end) ends. -1 if there is none in brackets. */
function relayEnd(bytes: Uint8Array, start: number, end: number): number {
  let close = end - 1;
  if (bytes[close] === 0x29) {
    while (close > start && bytes[close] !== 0x28) close--;
    close -= 2;
  }
  return bytes[close] === CLOSE ? close : -1;
}

/** Where the bracket before that address is, or -1. */
function relayStart(bytes: Uint8Array, start: number, close: number): number {
  let open = close - 1;
  while (open >= start && bytes[open] !== OPEN) open--;
  return open < start ? -1 : open;
}

/** The address of `host [address] (may be forged)` in bytes[start, end). False if there is none in brackets. */
export function readRelay(bytes: Uint8Array, start: number, end: number, into: AddressWords): boolean {
  const close = relayEnd(bytes, start, end);
  const open = close < 0 ? -1 : relayStart(bytes, start, close);
  return open >= 0 && readAddress(bytes, open + 1, close, into);
}

/** Whether the relay in bytes[start, end) is this machine. */
function isHere(bytes: Uint8Array, start: number, end: number, into: AddressWords): boolean {
  const close = relayEnd(bytes, start, end);
  const open = close < 0 ? -1 : relayStart(bytes, start, close);
  return open >= 0 && mayBeLoopback(bytes, open + 1) && readAddress(bytes, open + 1, close, into) && isLoopback(into);
}

/** Steps over `<…>`, `"…"` and plain text up to the next `, `, and returns where that is, or `end`. */
function afterQuoted(bytes: Uint8Array, start: number, end: number): number {
  let quoted = false;
  let angle = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === LESS) angle = true;
    else if (byte === GREATER) angle = false;
    else if (byte === COMMA && !angle && bytes[at + 1] === SPACE) return at;
  }
  return end;
}

/** So long are fields at least that sendmail itself writes, by their first letter: `delay=00:00:01`, `dsn=2.0.0`, `pri=1`. */
const leastLength = new Uint8Array(256);
for (const [letter, length] of Object.entries({ d: 9, x: 15, m: 8, p: 5, r: 6 })) {
  leastLength[letter.charCodeAt(0)] = length;
}

function afterField(bytes: Uint8Array, start: number, end: number): number {
  let at = Math.min(end, start + (leastLength[bytes[start] as number] as number));
  while (at < end && !(bytes[at] === COMMA && bytes[at + 1] === SPACE)) at++;
  return at;
}

const mailerNames = new Map<number, boolean>();
/** Mostly it is the same as last time. */
let lastMailer = 0;
let lastLocal = false;

/** Whether bytes[start, end) is the name of a mailer that delivers here. */
function isLocalMailer(bytes: Uint8Array, start: number, end: number): boolean {
  let key = 0;
  for (let at = start; at < end; at++) key = (Math.imul(key, 31) + (bytes[at] as number)) | 0;
  if (key === lastMailer) return lastLocal;
  let local = mailerNames.get(key);
  if (local === undefined) {
    local = localMailers.has(Buffer.from(bytes.subarray(start, end)).toString('latin1').toLowerCase());
    if (mailerNames.size < 1000) mailerNames.set(key, local);
  }
  lastMailer = key;
  lastLocal = local;
  return local;
}

/** Whom a message was delivered to, and how. */
export class ToLine {
  /** The recipients, in the bytes of the line. */
  start = 0;
  end = 0;
  /** The mailer is one that keeps the message here. */
  local = false;
  readonly #next: AddressWords = newWords();

  /** Reads `to=…, delay=…, mailer=…, stat=…` in bytes[start, end). */
  read(bytes: Uint8Array, start: number, end: number): Disposition {
    this.start = start + 3;
    this.local = false;
    let at = afterQuoted(bytes, this.start, end);
    this.end = at;
    let relayed = false;
    let next = -1;
    let nextEnd = -1;
    for (let fields = 0; fields < 12 && at < end; fields++) {
      const name = at + 2;
      const first = bytes[name];
      if (first === 0x6d && bytes[name + 6] === EQUALS) {
        // mailer=
        at = afterField(bytes, name, end);
        this.local = isLocalMailer(bytes, name + 7, at);
        if (this.local) return 'other';
        relayed = true;
      } else if (first === 0x73 && bytes[name + 4] === EQUALS && bytes[name + 1] === 0x74) {
        // stat=
        if (
          bytes[name + 5] === 0x53 &&
          bytes[name + 6] === 0x65 &&
          bytes[name + 7] === 0x6e &&
          bytes[name + 8] === 0x74
        ) {
          const after = bytes[name + 9];
          if (!relayed || !(after === undefined || name + 9 >= end || after === SPACE)) return 'other';
          // What is handed to this machine itself, as to a content filter, has not gone anywhere yet.
          const here = next >= 0 && isHere(bytes, next, nextEnd, this.#next);
          return here ? 'handed' : 'relayed';
        }
        const deferred = bytes[name + 5] === 0x44 || bytes[name + 5] === 0x71;
        return relayed && deferred ? 'deferred' : 'other';
      } else if (first === 0x63) {
        // ctladdr=
        at = afterQuoted(bytes, name, end);
      } else {
        const isRelay = first === 0x72 && bytes[name + 5] === EQUALS;
        at = afterField(bytes, name, end);
        if (isRelay) {
          next = name + 6;
          nextEnd = at;
        }
      }
    }
    return 'other';
  }
}
