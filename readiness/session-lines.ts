/** sendmail’s lines about sessions: who logged in with AUTH, and TLS. They have no queue id. */
import { type AddressWords, newWords, readAddress } from './address.ts';
import { startsWith, words } from './starts-with.ts';

const COMMA = 0x2c;
const SPACE = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;

const forged = words(' (may be forged)');
const relay = words('relay=');
const authid = words('authid=');
const bitsField = words(', bits=');
const mechField = words(', mech=');
const versionField = words('version=');

/** Reads `HOST [ADDRESS] (may be forged), ` or `[ADDRESS], ` at `start`. Returns where it ends, or -1. */
function readClient(bytes: Uint8Array, start: number, end: number, into: AddressWords): number {
  let open = start;
  while (open < end && bytes[open] !== SPACE && bytes[open] !== COMMA) open++;
  open = open > start && bytes[open] === SPACE && bytes[open + 1] === OPEN ? open + 1 : start;
  if (bytes[open] !== OPEN) return -1;
  let close = open + 1;
  while (close < end && bytes[close] !== CLOSE && bytes[close] !== SPACE) close++;
  if (bytes[close] !== CLOSE || close >= end || !readAddress(bytes, open + 1, close, into)) return -1;
  let at = close + 1;
  if (startsWith(bytes, at, end, forged)) at += forged.length;
  return bytes[at] === COMMA && bytes[at + 1] === SPACE ? at + 2 : -1;
}

/** A successful AUTH: `AUTH=server, relay=…, authid=…, mech=…, bits=…`. */
export class AuthLine {
  readonly address: AddressWords = newWords();
  /** In the bytes of the line. */
  user = 0;
  userEnd = 0;
  mechanism = 0;
  mechanismEnd = 0;

  /** Reads bytes[start, end), where `start` is behind `AUTH=server, `. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!startsWith(bytes, start, end, relay)) return false;
    const at = readClient(bytes, start + 6, end, this.address);
    if (at < 0 || !startsWith(bytes, at, end, authid)) return false;
    this.user = at + 7;
    // A name may hold anything: what sendmail itself wrote behind it comes last.
    let digits = end;
    while (digits > this.user && isDigit(bytes[digits - 1])) digits--;
    const bits = digits - bitsField.length;
    if (digits < end && bits > this.user && startsWith(bytes, bits, end, bitsField)) {
      let from = bits - 1;
      while (from >= this.user && bytes[from] !== COMMA && bytes[from] !== SPACE) from--;
      if (bytes[from - 1] !== COMMA || !startsWith(bytes, from - 1, end, mechField) || from - 1 < this.user)
        return false;
      this.userEnd = from - 1;
      this.mechanism = from + 6;
      this.mechanismEnd = bits;
      return true;
    }
    return false;
  }
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** TLS has begun: `STARTTLS=server, relay=…, version=…`. */
export class TlsLine {
  readonly address: AddressWords = newWords();
  /** In the bytes of the line. */
  version = 0;
  versionEnd = 0;

  /** Reads bytes[start, end), where `start` is behind `STARTTLS=server, `. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!startsWith(bytes, start, end, relay)) return false;
    const at = readClient(bytes, start + 6, end, this.address);
    if (at < 0 || !startsWith(bytes, at, end, versionField)) return false;
    this.version = at + 8;
    let last = this.version;
    while (last < end && bytes[last] !== COMMA && bytes[last] !== SPACE) last++;
    this.versionEnd = last;
    return last > this.version;
  }
}
