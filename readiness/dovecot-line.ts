/**
 * Dovecot’s line of a login, byte by byte: it is the one that most logs are full of. What stands where is
 * `user=<NAME>, …, rip=ADDRESS, lip=ADDRESS, …`, with `session=<…>` right behind the name in some configurations. A name may
 * hold any of this, so that the address is taken from the last `rip=`, and the name goes as far as the last bracket before.
 */
import type { LoginSpans } from './pop-servers.ts';

const COMMA = 0x2c;
const SPACE = 0x20;
const LESS = 0x3c;
const GREATER = 0x3e;
const PERCENT = 0x25;
const EQUALS = 0x3d;

const inAddress = new Uint8Array(256);
for (const character of '0123456789ABCDEFabcdef.:') inAddress[character.charCodeAt(0)] = 1;
const inWord = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f;

/** Where the last `, rip=` before `end` begins, or -1. */
function ripBefore(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start + 5; at--) {
    if (bytes[at] === EQUALS && bytes[at - 1] === 0x70 && bytes[at - 2] === 0x69 && bytes[at - 3] === 0x72) {
      if (bytes[at - 4] === SPACE && bytes[at - 5] === COMMA) return at - 5;
    }
  }
  return -1;
}

function afterAddress(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && inAddress[bytes[at] as number] === 1) at++;
  return at;
}

/** Reads `, rip=ADDRESS, lip=ADDRESS` at `rip`. Returns where it ends, or -1. */
function readAddresses(bytes: Uint8Array, rip: number, end: number, spans: LoginSpans): number {
  spans.address = rip + 6;
  let at = afterAddress(bytes, spans.address, end);
  if (at === spans.address) return -1;
  spans.addressEnd = at;
  if (bytes[at] === PERCENT) {
    const zone = ++at;
    while (at < end && inWord(bytes[at] as number)) at++;
    if (at === zone) return -1;
  }
  const lip = bytes[at] === COMMA && bytes[at + 1] === SPACE && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x69;
  if (!lip || bytes[at + 4] !== 0x70 || bytes[at + 5] !== EQUALS || at + 6 >= end) return -1;
  spans.own = at + 6;
  spans.ownEnd = afterAddress(bytes, spans.own, end);
  if (spans.ownEnd === spans.own) return -1;
  const more = bytes[spans.ownEnd] === COMMA && bytes[spans.ownEnd + 1] === SPACE && spans.ownEnd + 1 < end;
  return more || spans.ownEnd === end ? spans.ownEnd : -1;
}

/** Where the name that begins at `start` ends, if the rest of the line goes on with `, rip=` at `rip`; or -1. */
function nameEnd(bytes: Uint8Array, start: number, rip: number): number {
  let close = rip - 1;
  while (close >= start && bytes[close] !== GREATER && bytes[close] !== LESS) close--;
  if (close < start || bytes[close] !== GREATER || bytes[close + 1] !== COMMA || bytes[close + 2] !== SPACE) return -1;
  // `[^<>]*, ` ends before rip=: with nothing in it, the comma is the one behind the bracket.
  let open = close - 1;
  while (open >= start && bytes[open] !== LESS && bytes[open] !== GREATER) open--;
  const session = open - 11;
  return session >= start && bytes[open] === LESS && isSession(bytes, session) ? session : close;
}

function isSession(bytes: Uint8Array, at: number): boolean {
  const text = '>, session=<';
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** Finds the login in bytes[start, end), where `start` is behind `user=<`. */
export function dovecotLogin(bytes: Uint8Array, start: number, end: number, spans: LoginSpans): boolean {
  let rip = ripBefore(bytes, start, end);
  if (rip < 0) return false;
  if (readAddresses(bytes, rip, end, spans) < 0) {
    // Another rip= right behind lip= is something of Dovecot’s own; farther behind, the first was part of the name.
    const before = ripBefore(bytes, start, rip);
    if (before < 0 || readAddresses(bytes, before, end, spans) !== rip) return false;
    rip = before;
  }
  spans.user = start;
  spans.userEnd = nameEnd(bytes, start, rip);
  return spans.userEnd > start;
}
