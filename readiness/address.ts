/**
 * Addresses as they stand in logs, brought to one spelling: the four words of an IPv6 address (RFC 4291), with IPv4 as
 * IPv4-mapped (section 2.5.5.2). So `198.51.100.7`, `::ffff:198.51.100.7` and `IPv6:::ffff:198.51.100.7` are one address.
 */

/** Four 32-bit words, most significant first. One is reused for all parsing: copy what is to be kept. */
export type AddressWords = Uint32Array;

export const newWords = (): AddressWords => new Uint32Array(4);

const COLON = 0x3a;
const DOT = 0x2e;
const PERCENT = 0x25;

const hexValue = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  hexValue[digit.toString(16).charCodeAt(0)] = digit;
  hexValue[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const groups = new Int32Array(8);

/** Dotted quad in bytes[start, end) as a 32-bit number, or -1. */
function quad(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 15) return -1;
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      octet = octet * 10 + byte - 0x30;
      if (++digits > 3 || octet > 255) return -1;
    } else if (byte === DOT && digits > 0 && dots < 3) {
      value = (value << 8) | octet;
      octet = 0;
      digits = 0;
      dots++;
    } else {
      return -1;
    }
  }
  return dots === 3 && digits > 0 ? ((value << 8) | octet) >>> 0 : -1;
}

function six(bytes: Uint8Array, start: number, end: number, into: AddressWords): boolean {
  let count = 0;
  let gap = -1;
  let at = start;
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return false;
    gap = 0;
    at += 2;
  }
  while (at < end) {
    if (count === 8) return false;
    let value = 0;
    let digits = 0;
    const first = at;
    while (at < end && (hexValue[bytes[at] as number] as number) >= 0) {
      value = value * 16 + (hexValue[bytes[at] as number] as number);
      if (++digits > 4) return false;
      at++;
    }
    if (at < end && bytes[at] === DOT) {
      const four = quad(bytes, first, end);
      if (four < 0 || count > 6) return false;
      groups[count++] = Math.floor(four / 65536);
      groups[count++] = four % 65536;
      at = end;
      break;
    }
    if (digits === 0) return false;
    groups[count++] = value;
    if (at === end) break;
    if (bytes[at] !== COLON) return false;
    at++;
    if (at < end && bytes[at] === COLON) {
      if (gap >= 0) return false;
      gap = count;
      at++;
    } else if (at === end) {
      return false;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap >= 0) {
    const moved = count - gap;
    for (let index = 0; index < moved; index++) groups[7 - index] = groups[count - 1 - index] as number;
    for (let index = gap; index < 8 - moved; index++) groups[index] = 0;
  }
  for (let word = 0; word < 4; word++) {
    into[word] = (groups[word * 2] as number) * 65536 + (groups[word * 2 + 1] as number);
  }
  return true;
}

/** Reads the address in bytes[start, end), with or without sendmail’s `IPv6:` and a zone. False if it is none. */
export function readAddress(bytes: Uint8Array, start: number, end: number, into: AddressWords): boolean {
  const four = quad(bytes, start, end);
  if (four >= 0) {
    into[0] = 0;
    into[1] = 0;
    into[2] = 0xffff;
    into[3] = four;
    return true;
  }
  let from = start;
  if ((bytes[start] === 0x49 || bytes[start] === 0x69) && bytes[start + 4] === COLON) from += 5;
  let to = end;
  for (let at = from; at < end; at++) {
    if (bytes[at] === PERCENT) {
      to = at;
      break;
    }
  }
  return to - from >= 2 && to - from <= 45 && six(bytes, from, to, into);
}

const scratch = new Uint8Array(64);
const scratchWords = newWords();

/** Reads an address from text. False if it is none. */
export function readAddressText(text: string, into: AddressWords): boolean {
  const { length } = text;
  if (length > scratch.length) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return false;
    scratch[at] = code;
  }
  return readAddress(scratch, 0, length, into);
}

/** The one spelling of an address (IPv6: RFC 5952), or undefined if the text is none. */
export function canonicalAddress(text: string): string | undefined {
  return readAddressText(text, scratchWords) ? addressText(scratchWords) : undefined;
}

/** A number for tables, of which the last bits are as good as any. */
export function hashOf(words: AddressWords): number {
  const outer = Math.imul((words[0] as number) ^ (words[2] as number), 0xc2b2ae35);
  const mixed = Math.imul((words[3] as number) ^ Math.imul(words[1] as number, 0x85ebca6b) ^ outer, 0x9e3779b1);
  return (mixed >>> 15) ^ mixed;
}

const TEXTS = 1 << 14;
const textWords = new Uint32Array(TEXTS * 4);
const texts: (string | undefined)[] = new Array(TEXTS).fill(undefined);

/** An address for reading, and as a key: mostly the very same string, which a Map finds sooner than another one like it. */
export function addressText(words: AddressWords): string {
  const a = words[0] as number;
  const b = words[1] as number;
  const c = words[2] as number;
  const d = words[3] as number;
  const slot = hashOf(words) & (TEXTS - 1);
  const at = slot * 4;
  const known = texts[slot];
  if (
    known !== undefined &&
    textWords[at + 3] === d &&
    textWords[at + 1] === b &&
    textWords[at] === a &&
    textWords[at + 2] === c
  ) {
    return known;
  }
  const text = spelled(words);
  textWords.set(words, at);
  texts[slot] = text;
  return text;
}

function spelled(words: AddressWords): string {
  const [a, b, c, d] = words as unknown as [number, number, number, number];
  if (a === 0 && b === 0 && c === 0xffff) {
    return `${Math.floor(d / 16777216)}.${(d >>> 16) & 255}.${(d >>> 8) & 255}.${d & 255}`;
  }
  const all = [a, b, c, d].flatMap((word) => [Math.floor(word / 65536), word % 65536]);
  let best = -1;
  let length = 1;
  for (let at = 0; at < 8; at++) {
    let run = 0;
    while (at + run < 8 && all[at + run] === 0) run++;
    if (run > length) {
      best = at;
      length = run;
    }
  }
  const text = (parts: number[]) => parts.map((part) => part.toString(16)).join(':');
  return best < 0 ? text(all) : `${text(all.slice(0, best))}::${text(all.slice(best + length))}`;
}

/** Whether bytes[start, end) may be the machine itself, as far as the first of them tells: all others need not be read. */
export function mayBeLoopback(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start] as number;
  return first === 0x31 || first === 0x30 || first === COLON || first === 0x49 || first === 0x69;
}

/** Whether two are the same address. */
export const isSame = (one: AddressWords, other: AddressWords): boolean =>
  one[3] === other[3] && one[2] === other[2] && one[1] === other[1] && one[0] === other[0];

/** Whether it is the machine itself: 127.0.0.0/8 or ::1. */
export function isLoopback(words: AddressWords): boolean {
  if (words[0] !== 0 || words[1] !== 0) return false;
  const third = words[2];
  const last = words[3] as number;
  return (third === 0xffff && last >>> 24 === 127) || (third === 0 && last === 1);
}

/** A network in CIDR form, such as 192.0.2.0/24. */
export type Network = { words: AddressWords; bits: number };

/** Reads a network, or a single address. Undefined if it is neither. */
export function readNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const words = newWords();
  const bytes = Buffer.from(address, 'latin1');
  if (rest.length > 0 || !readAddress(bytes, 0, bytes.length, words)) return undefined;
  const four = !address.includes(':');
  const most = four ? 32 : 128;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > most)) return undefined;
  return { words, bits: (length === undefined ? most : Number(length)) + (four ? 96 : 0) };
}

/** Whether an address is in a network. */
export function within(words: AddressWords, network: Network): boolean {
  for (let word = 0; word < 4; word++) {
    const bits = Math.min(32, Math.max(0, network.bits - word * 32));
    const unit = 2 ** (32 - bits);
    if (Math.floor((words[word] as number) / unit) !== Math.floor((network.words[word] as number) / unit)) return false;
  }
  return true;
}
