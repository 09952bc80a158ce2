/**
 * Entries of `journalctl -o export` (systemd’s Journal Export Format): a field in each line, `NAME=value`, or its name alone,
 * eight bytes of length, and any bytes; an empty line ends the entry. Fields are found where they stand, and none is copied.
 */
import { startsWith, type Words, words } from './starts-with.ts';

const NEWLINE = 0x0a;
const EQUALS = 0x3d;

/** What is used of an entry (systemd.journal-fields(7)). The time is in µs since 1970. */
export const TIME = 0;
export const HOST = 1;
export const IDENTIFIER = 2;
export const COMMAND = 3;
export const SYSLOG_PROCESS = 4;
export const PROCESS = 5;
export const MESSAGE = 6;

const names: readonly Words[] = [
  '__REALTIME_TIMESTAMP',
  '_HOSTNAME',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'SYSLOG_PID',
  '_PID',
  'MESSAGE',
].map(words);

/** By the first byte: an underscore, S and M begin all of them. */
const likely: (readonly number[])[] = Array.from({ length: 256 }, (_, byte) =>
  names.flatMap((name, field) => (name[0] === byte ? [field] : [])),
);

/** Which field’s name bytes[start, end) are, or -1. */
function fieldOf(bytes: Uint8Array, start: number, end: number): number {
  const fields = likely[bytes[start] as number] as readonly number[];
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as number;
    const name = names[field] as Words;
    if (name.length === end - start && startsWith(bytes, start, end, name)) return field;
  }
  return -1;
}

/** Where the fields of an entry stand, by their numbers; absent ones at -1. */
export class JournalEntry {
  readonly starts = new Int32Array(names.length).fill(-1);
  readonly ends = new Int32Array(names.length).fill(-1);
  /** Where the next entry begins. */
  next = 0;
  /** It has fields. */
  any = false;

  has(field: number): boolean {
    return (this.starts[field] as number) >= 0;
  }

  #set(field: number, start: number, end: number): void {
    this.starts[field] = start;
    this.ends[field] = end;
  }

  /**
   * Reads the entry at `start`. False if it is not whole: more must be read first.
   * @param last that there is no more
   */
  read(bytes: Buffer, start: number, end: number, last: boolean): boolean {
    this.starts.fill(-1);
    this.any = false;
    let at = start;
    while (at < end) {
      if (bytes[at] === NEWLINE) {
        this.next = at + 1;
        return true;
      }
      this.any = true;
      let behind = at;
      while (behind < end && bytes[behind] !== EQUALS && bytes[behind] !== NEWLINE) behind++;
      const field = fieldOf(bytes, at, behind);
      if (bytes[behind] === EQUALS && behind < end) {
        let lineEnd = bytes.indexOf(NEWLINE, behind);
        if (lineEnd < 0 || lineEnd >= end) {
          if (!last) return false;
          lineEnd = end;
        }
        if (field >= 0) this.#set(field, behind + 1, lineEnd);
        at = lineEnd + 1;
        continue;
      }
      // A length that cannot be is no length: the rest of the log is lost.
      const length = behind + 9 <= end ? Number(bytes.readBigUInt64LE(behind + 1)) : Number.NaN;
      const value = behind + 9;
      if (!(value + length + 1 <= end)) {
        if (!last) return false;
        break;
      }
      if (field >= 0) this.#set(field, value, value + length);
      at = value + length + 1;
    }
    this.next = end;
    return last;
  }
}
