/**
 * Time stamps of log lines. BSD syslog (RFC 3164 section 4.1.2) has neither year nor zone: the year is that of the line
 * before, one more where the calendar jumps back by more than half a year, one less where it jumps ahead by as much.
 */
import type { ZoneClock } from './time-zone.ts';

const DAY = 86_400_000;
const HALF_A_YEAR = 183 * DAY;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const monthKey = (a: number, b: number, c: number) => (a << 16) | (b << 8) | c;
const monthOf = new Map(
  months.map((name, index) => [monthKey(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)), index]),
);

const SPACE = 0x20;

const digit = (byte: number) => byte >= 0x30 && byte <= 0x39;

function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] as number;
  const ones = bytes[at + 1] as number;
  return digit(tens) && digit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : -1;
}

/** Reads stamps of one log, and remembers what the next one needs. */
export class TimeStamps {
  readonly #zone: ZoneClock;
  /** The year of the next BSD stamp, unless the calendar says otherwise. */
  #year: number;
  /** The instant of the last line, in ms since 1970. */
  last = Number.NaN;
  /** Where the stamp ended that was read last. */
  end = 0;
  // The stamp of the line before: most lines have the same second.
  #seen0 = 0;
  #seen1 = 0;
  #seen2 = 0;
  #day = Number.NaN;
  #dayKey = -1;

  constructor(zone: ZoneClock, year: number) {
    this.#zone = zone;
    this.#year = year;
  }

  /** The instant of the stamp at `start`, in ms, or NaN; `end` is then where it ends. */
  read(bytes: Uint8Array, start: number, lineEnd: number): number {
    const first = bytes[start] as number;
    return digit(first) ? this.#iso(bytes, start, lineEnd) : this.#bsd(bytes, start, lineEnd);
  }

  /** `Nov 23 01:09:15`; also with the year after the day, or the weekday before. */
  #bsd(bytes: Uint8Array, start: number, lineEnd: number): number {
    let at = start;
    if (lineEnd - at < 15) return Number.NaN;
    const key = monthKey(bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number);
    const tens = bytes[at + 4] as number;
    const day = tens === SPACE ? (bytes[at + 5] as number) - 0x30 : two(bytes, at + 4);
    const b9 = bytes[at + 7] as number;
    // One comparison of all digits, so that a stamp like the last one costs next to nothing.
    const dayKey = key * 32 + day;
    const clock =
      ((b9 * 16 + (bytes[at + 8] as number)) << 16) ^
      (((bytes[at + 10] as number) * 16 + (bytes[at + 11] as number)) << 8) ^
      ((bytes[at + 13] as number) * 16 + (bytes[at + 14] as number));
    if (dayKey === this.#seen0 && clock === this.#seen1 && b9 === this.#seen2 && this.#plain(bytes, at)) {
      this.end = at + 15;
      return this.last;
    }
    const month = monthOf.get(key);
    if (month === undefined) {
      // The weekday of ctime(3), or of journalctl’s short-full.
      if (bytes[at + 3] !== SPACE || lineEnd - at < 19) return Number.NaN;
      at += 4;
      if (digit(bytes[at] as number)) return this.#iso(bytes, at, lineEnd);
      return monthOf.has(monthKey(bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number))
        ? this.#bsd(bytes, at, lineEnd)
        : Number.NaN;
    }
    if (!(day >= 1 && day <= 31) || bytes[at + 3] !== SPACE || bytes[at + 6] !== SPACE) return Number.NaN;
    let year: number | undefined;
    if (digit(bytes[at + 9] as number)) {
      const century = two(bytes, at + 7);
      const rest = two(bytes, at + 9);
      if (century < 19 || rest < 0 || lineEnd - at < 20) return Number.NaN;
      year = century * 100 + rest;
      at += 5;
    }
    const time = this.#time(bytes, at + 7);
    if (Number.isNaN(time)) return Number.NaN;
    this.end = at + 15;
    if (bytes[this.end] === 0x2e) this.#skipFraction(bytes, lineEnd);
    let local: number;
    if (year !== undefined) {
      local = Date.UTC(year, month, day) + time;
    } else {
      if (dayKey !== this.#dayKey) {
        this.#dayKey = dayKey;
        let midnight = Date.UTC(this.#year, month, day);
        if (midnight < this.last - HALF_A_YEAR) midnight = Date.UTC(++this.#year, month, day);
        else if (midnight > this.last + HALF_A_YEAR) midnight = Date.UTC(--this.#year, month, day);
        this.#day = midnight;
      }
      local = this.#day + time;
      this.#seen0 = dayKey;
      this.#seen1 = clock;
      this.#seen2 = b9;
    }
    this.last = this.#zone(local, this.last);
    return this.last;
  }

  #plain(bytes: Uint8Array, at: number): boolean {
    return bytes[at + 6] === SPACE && bytes[at + 9] === 0x3a && bytes[at + 12] === 0x3a && bytes[at + 15] === SPACE;
  }

  #time(bytes: Uint8Array, at: number): number {
    const hours = two(bytes, at);
    const minutes = two(bytes, at + 3);
    const seconds = two(bytes, at + 6);
    if (bytes[at + 2] !== 0x3a || bytes[at + 5] !== 0x3a) return Number.NaN;
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return Number.NaN;
    return (hours * 3600 + minutes * 60 + seconds) * 1000;
  }

  #skipFraction(bytes: Uint8Array, lineEnd: number): number {
    let ms = 0;
    let unit = 100;
    let at = this.end + 1;
    while (at < lineEnd && digit(bytes[at] as number)) {
      ms += unit * ((bytes[at] as number) - 0x30);
      unit /= 10;
      at++;
    }
    this.end = at;
    return Math.floor(ms);
  }

  /** RFC 3339 and what is like it: a space for the T, no zone, a zone without colon. */
  #iso(bytes: Uint8Array, at: number, lineEnd: number): number {
    if (lineEnd - at < 19 || bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return Number.NaN;
    const between = bytes[at + 10];
    if (between !== 0x54 && between !== 0x74 && between !== SPACE) return Number.NaN;
    const century = two(bytes, at);
    const rest = two(bytes, at + 2);
    const month = two(bytes, at + 5);
    const day = two(bytes, at + 8);
    if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN;
    const key = (century * 100 + rest) * 512 + month * 32 + day;
    if (key !== this.#dayKey) {
      this.#dayKey = key;
      this.#day = Date.UTC(century * 100 + rest, month - 1, day);
    }
    const time = this.#time(bytes, at + 11);
    if (Number.isNaN(time)) return Number.NaN;
    this.end = at + 19;
    let local = this.#day + time;
    if (bytes[this.end] === 0x2e || bytes[this.end] === 0x2c) local += this.#skipFraction(bytes, lineEnd);
    const sign = bytes[this.end] as number;
    if (sign === 0x5a || sign === 0x7a) {
      this.end++;
      this.last = local;
    } else if ((sign === 0x2b || sign === 0x2d) && two(bytes, this.end + 1) >= 0) {
      const hours = two(bytes, this.end + 1);
      const colon = bytes[this.end + 3] === 0x3a ? 1 : 0;
      const minutes = Math.max(0, two(bytes, this.end + 3 + colon));
      this.end += two(bytes, this.end + 3 + colon) >= 0 ? 5 + colon : 3;
      this.last = local - (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes) * 60_000;
    } else {
      this.last = this.#zone(local, this.last);
    }
    this.#year = century * 100 + rest;
    this.#seen0 = 0;
    return this.last;
  }
}
