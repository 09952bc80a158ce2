/** Cuts a log into lines, or entries of the journal, in a buffer of its own; strings are made of nothing that is not used. */
import { isUtf8 } from 'node:buffer';
import { JournalEntry } from './journal-export.ts';
import { type ByteSource, Unreadable } from './log-input.ts';
import type { LogLines } from './log-lines.ts';

const SIZE = 1 << 20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

const exportStart = /^__[A-Z_]+=/;
const nul = Buffer.from([0]);
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export class LineReader {
  readonly #source: ByteSource;
  readonly #lines: LogLines;
  readonly #buffer = Buffer.allocUnsafe(SIZE);
  #start = 0;
  #end = 0;
  /** The end of the last whole line in the buffer. */
  #whole = 0;
  #ended = false;
  #skipping = false;
  readonly #entry = new JournalEntry();
  #allUtf8 = true;
  #begun = false;
  #exported: boolean | undefined;
  /** Why it could not be read to its end. */
  damage: string | undefined;
  /** It holds NUL bytes: no text. */
  binary = false;
  bytes = 0;

  constructor(source: ByteSource, lines: LogLines) {
    this.#source = source;
    this.#lines = lines;
  }

  /** Whether all has been handed on. */
  get done(): boolean {
    return this.#ended && this.#start >= this.#end;
  }

  /** Whether more must be read before there is another line. */
  get hungry(): boolean {
    return !this.#ended && this.#start >= this.#whole;
  }

  /** Reads on. */
  async fill(): Promise<void> {
    const buffer = this.#buffer;
    if (this.#start > 0) {
      buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    const from = this.#end;
    let count = 0;
    try {
      // What comes in small pieces is gathered: there is something to do for each fill.
      while (this.#end < SIZE) {
        count = await this.#source.read(buffer, this.#end, Math.min(SIZE - this.#end, 1 << 18));
        if (count === 0) break;
        this.#end += count;
        this.bytes += count;
        if (this.#end - from >= 1 << 18) break;
      }
    } catch (error) {
      if (!(error instanceof Unreadable) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      this.damage =
        error instanceof Unreadable ? error.message : `it could not be read to its end (${(error as Error).message})`;
      count = 0;
    }
    if (count === 0) this.#ended = true;
    if (this.bytes > 0 && !this.#begun) this.#begin();
    this.#exported ??= exportStart.test(buffer.toString('latin1', 0, Math.min(this.#end, 64)));
    if (!this.binary && buffer.subarray(from, this.#end).includes(nul)) this.binary = true;
    this.#whole = this.#ended ? this.#end : this.#lastLineEnd(from);
    if (this.#whole === 0 && this.#end === SIZE) this.#tooLong();
    this.#allUtf8 = isUtf8(buffer.subarray(this.#start, this.#whole));
  }

  /** Some editors and programs put a byte order mark before UTF-8. */
  #begin(): void {
    this.#begun = true;
    if (this.#end >= 3 && this.#buffer.compare(byteOrderMark, 0, 3, 0, 3) === 0) this.#start = 3;
  }

  #lastLineEnd(from: number): number {
    const at = this.#buffer.subarray(from, this.#end).lastIndexOf(NEWLINE);
    return at < 0 ? 0 : from + at + 1;
  }

  /** A line, or an entry, that does not fit into the buffer: nobody’s log line. */
  #tooLong(): void {
    if (!this.#skipping) {
      this.#lines.counts.read++;
      this.#lines.counts.tooLong++;
    }
    this.#skipping = true;
    this.#start = this.#end;
    this.#whole = this.#end;
  }

  /** Hands on lines until one is later than `limit` (ms), or there are no more in the buffer. */
  step(limit: number): void {
    if (this.#exported) {
      this.#entries(limit);
      return;
    }
    const buffer = this.#buffer;
    const lines = this.#lines;
    const whole = this.#whole;
    let start = this.#start;
    if (this.#skipping && start < whole) {
      const end = buffer.indexOf(NEWLINE, start);
      this.#skipping = end < 0 || end >= whole;
      start = this.#skipping ? whole : end + 1;
    }
    while (start < whole) {
      let end = buffer.indexOf(NEWLINE, start);
      if (end < 0 || end >= whole) end = whole;
      const next = end + 1;
      if (end > start && buffer[end - 1] === RETURN) end--;
      if (end > start) {
        if (!this.#allUtf8 && !isUtf8(buffer.subarray(start, end))) lines.counts.invalidUtf8++;
        lines.line(buffer, start, end);
      }
      start = next;
      if (lines.clock > limit) break;
    }
    this.#start = Math.min(start, this.#end);
  }

  #entries(limit: number): void {
    const entry = this.#entry;
    while (this.#start < this.#end) {
      // An entry that is not whole yet is read again from its beginning.
      if (!entry.read(this.#buffer, this.#start, this.#end, this.#ended)) break;
      this.#start = entry.next;
      if (entry.any) this.#lines.exported(this.#buffer, entry);
      if (this.#lines.clock > limit) return;
    }
    this.#whole = this.#start;
    if (this.#start === 0 && this.#end === SIZE) this.#tooLong();
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}
