/**
 * Reads logs that were given in any order as one: rotated files one after another, and those that cover the same time,
 * such as those of sendmail and of the POP server, side by side, always going on with the one that is furthest behind.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Failure } from '../audit/failure.ts';
import { visible } from '../reports/visible.ts';
import type { Correlator } from './correlate.ts';
import type { LineCounts } from './line-counts.ts';
import { LineReader } from './line-reader.ts';
import { type ByteSource, type Compression, openFile, openStream, Unreadable } from './log-input.ts';
import { LogLines } from './log-lines.ts';
import { type Beginning, yearOfQueueIds, yearsOf } from './log-years.ts';
import { TimeStamps } from './time-stamp.ts';
import type { ZoneClock } from './time-zone.ts';

/** How a log was read. */
export type LogResult = {
  name: string;
  compression: Compression;
  lines: LineCounts;
  /** What is wrong with it. `damaged`: a part of it could not be read. */
  damaged?: string;
  remark?: string;
};

export type Progress = { bytes: number; of: number | undefined; log: string };

export type ReadOptions = {
  zone: ZoneClock;
  year: number | undefined;
  now: number;
  stdin: Readable;
  progress?: (progress: Progress) => void;
};

type Log = {
  name: string;
  path: string | undefined;
  size: number;
  written: number;
  beginning: Beginning | undefined;
  /** What cannot be opened twice. */
  stream?: { source: ByteSource; compression: Compression };
  head: Buffer;
};

type Open = { log: Log; reader: LineReader; lines: LogLines; source: ByteSource; compression: Compression };

const HEAD = 1 << 17;
/** A log may be this far ahead of another one, in ms: less than lines may be out of order. */
const AHEAD = 60_000;
/** So much of a log is read at once, in ms of its time. */
const STRIDE = 3_600_000;
const advice = 'Name log files, or - for standard input.';

function whyNot(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  return `it cannot be read (${visible(error instanceof Error ? error.message : String(error), 200)})`;
}

/** The time of a stamp, as if it were UTC; without a year in the leap year 2000. */
const asUtc: ZoneClock = (local) => local;
const LEAP_YEAR = 2000;

function stampsIn(text: Buffer, zone: ZoneClock = asUtc): { first: number; last: number; dated: boolean } | undefined {
  const reader = new TimeStamps(zone, LEAP_YEAR);
  let found: { first: number; last: number; dated: boolean } | undefined;
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf(0x0a, start);
    if (end < 0) end = text.length;
    let at = start;
    if (text[at] === 0x3c) at = text.indexOf(0x3e, at) + 1 || end;
    if (text[at + 1] === 0x20 && text[at] === 0x31) at += 2;
    const line = text.toString('latin1', at, Math.min(end, at + 64));
    const dated = /^(?:[A-Z][a-z]{2} )?\d{4}-|^[A-Z][a-z]{2} [ \d]\d \d{4} /.test(line);
    const fresh = dated ? reader : new TimeStamps(zone, LEAP_YEAR);
    const journal =
      /^__REALTIME_TIMESTAMP=(\d{10,})/.exec(line)?.[1] ??
      /"__REALTIME_TIMESTAMP"\s*:\s*"(\d{10,})"/.exec(text.toString('latin1', start, Math.min(end, start + 4096)))?.[1];
    const time =
      journal === undefined ? (end - at >= 15 ? fresh.read(text, at, end) : Number.NaN) : Number(journal) / 1000;
    if (!Number.isNaN(time)) {
      found ??= { first: time, last: time, dated: dated || journal !== undefined };
      found.last = time;
    }
    start = end + 1;
  }
  return found;
}

async function readHead(source: ByteSource): Promise<Buffer> {
  const head = Buffer.alloc(HEAD);
  let length = 0;
  while (length < HEAD) {
    const count = await source.read(head, length, HEAD - length).catch((error: unknown) => {
      if (error instanceof Unreadable) return 0;
      throw error;
    });
    if (count === 0) break;
    length += count;
  }
  return head.subarray(0, length);
}

/** The last stamp of a file that is not compressed. */
async function lastStamp(path: string, size: number): Promise<number | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const tail = Buffer.alloc(Math.min(size, 1 << 16));
    const { bytesRead } = await file.read(tail, 0, tail.length, size - tail.length);
    const text = tail.subarray(0, bytesRead);
    return stampsIn(text.subarray(size > tail.length ? text.indexOf(0x0a) + 1 : 0))?.last;
  } finally {
    await file?.close();
  }
}

function beginningOf(
  head: Buffer,
  last: number | undefined,
  written: number,
  { now, zone }: ReadOptions,
): Beginning | undefined {
  const stamps = stampsIn(head);
  if (stamps === undefined) return undefined;
  return {
    first: stamps.first,
    last: last ?? undefined,
    dated: stamps.dated,
    instant: stamps.dated ? stampsIn(head, zone)?.first : undefined,
    idYear: stamps.dated ? undefined : yearOfQueueIds(head.toString('latin1'), now),
    written,
  };
}

/** Standard input, FIFOs and devices are read once, and have no end to look at. */
async function lookOnce(name: string, input: Readable, options: ReadOptions): Promise<Log> {
  const stream = await openStream(input, name);
  const head = await readHead(stream.source);
  const beginning = beginningOf(head, undefined, options.now, options);
  return { name, path: undefined, size: 0, written: options.now, beginning, stream, head };
}

async function look(name: string, options: ReadOptions): Promise<Log> {
  if (name === '-') return await lookOnce('standard input', options.stdin, options);
  try {
    const info = await stat(name);
    const { size, mtimeMs } = info;
    if (info.isDirectory()) {
      throw new Failure('USAGE', `${visible(name)}: it is a folder`, `Name the files in it. ${advice}`);
    }
    if (!info.isFile()) return await lookOnce(name, createReadStream(name), options);
    const { source, compression } = await openFile(name);
    const head = await readHead(source);
    await source.close();
    const last = compression === 'none' ? await lastStamp(name, size) : undefined;
    const written = Math.min(mtimeMs, options.now);
    const beginning = beginningOf(head, last, written, options);
    return { name, path: name, size, written, beginning, head: Buffer.alloc(0) };
  } catch (error) {
    if (error instanceof Error && error.name === 'Failure') throw error;
    throw new Failure('USAGE', `${visible(name)}: ${whyNot(error)}`, advice, { cause: error });
  }
}

/** What was read to look at the beginning is read again. */
function withHead(head: Buffer, source: ByteSource): ByteSource {
  let rest = head;
  return {
    ...source,
    read: async (into, offset, length) => {
      if (rest.length === 0) return await source.read(into, offset, length);
      const count = rest.copy(into, offset, 0, Math.min(length, rest.length));
      rest = rest.subarray(count);
      return count;
    },
  };
}

/** Files that are named twice, or by two names, are read once. */
async function withoutRepeats(names: readonly string[]): Promise<{ names: string[]; repeated: string[] }> {
  const seen = new Set<string>();
  const kept: string[] = [];
  const repeated: string[] = [];
  for (const name of names) {
    const real = name === '-' ? '-' : await realpath(name).catch(() => name);
    (seen.has(real) ? repeated : kept).push(name);
    seen.add(real);
  }
  return { names: kept, repeated };
}

class Reading {
  readonly #correlator: Correlator;
  readonly #options: ReadOptions;
  readonly #total: number;
  readonly #open: Open[] = [];
  readonly results: LogResult[] = [];
  #finished = 0;
  #samples: number[] = [];

  constructor(correlator: Correlator, options: ReadOptions, total: number) {
    this.#correlator = correlator;
    this.#options = options;
    this.#total = total;
  }

  get active(): readonly Open[] {
    return this.#open;
  }

  /** @param at the time of its first line in ms, if it has one */
  async start(log: Log, year: number, at: number): Promise<void> {
    const { source, compression } = log.stream
      ? { ...log.stream, source: withHead(log.head, log.stream.source) }
      : await openFile(log.path as string);
    const lines = new LogLines(this.#correlator, new TimeStamps(this.#options.zone, year));
    // Where it begins is known: nothing of it is read before the others have got there.
    lines.clock = Number.isFinite(at) ? at : Number.NaN;
    this.#advance(lines.clock);
    this.#open.push({ log, reader: new LineReader(source, lines), lines, source, compression });
  }

  /** The one that is furthest behind, and how far it may go. */
  next(upcoming: number): { one: Open; limit: number } | undefined {
    let one: Open | undefined;
    let limit = upcoming;
    for (const each of this.#open) {
      if (one === undefined || !(each.lines.clock >= one.lines.clock)) {
        if (one !== undefined && one.lines.clock < limit) limit = one.lines.clock;
        one = each;
      } else if (each.lines.clock < limit) {
        limit = each.lines.clock;
      }
    }
    return one && { one, limit: limit + AHEAD };
  }

  /** @param upcoming where the next log begins that is not read yet, in ms */
  async go({ one, limit }: { one: Open; limit: number }, upcoming: number): Promise<void> {
    const { reader, lines } = one;
    if (reader.hungry) {
      await reader.fill();
      this.#show(one);
    }
    // Little at a time, so that what can be judged is judged before what it is judged by is forgotten.
    reader.step(Number.isNaN(lines.clock) ? Number.NEGATIVE_INFINITY : Math.min(limit, lines.clock + STRIDE));
    this.#advance(Math.min(lines.clock, upcoming));
    if (reader.done) await this.#end(one);
  }

  /** A clock that jumps ahead, and back, must not make anything forgotten: the earliest of the last few times counts. */
  #advance(time: number): void {
    if (Number.isNaN(time)) return;
    let earliest = time;
    for (const { lines } of this.#open) if (lines.clock < earliest) earliest = lines.clock;
    this.#samples.push(earliest);
    if (this.#samples.length > 8) this.#samples.shift();
    this.#correlator.advance(Math.min(...this.#samples));
  }

  #show({ log }: Open): void {
    const bytes = this.#finished + this.#open.reduce((sum, { source }) => sum + source.taken(), 0);
    this.#options.progress?.({ bytes, of: this.#total > 0 ? this.#total : undefined, log: log.name });
  }

  async #end(one: Open): Promise<void> {
    this.#open.splice(this.#open.indexOf(one), 1);
    this.#finished += one.source.taken();
    await one.reader.close();
    const { damage, binary, bytes } = one.reader;
    const { counts } = one.lines;
    const remark =
      bytes === 0
        ? 'it is empty'
        : counts.used > 0
          ? undefined
          : binary
            ? 'it is binary, and no log'
            : 'nothing in it was of use';
    this.results.push({
      name: one.log.name,
      compression: one.compression,
      lines: counts,
      ...(damage === undefined ? {} : { damaged: damage }),
      ...(remark === undefined ? {} : { remark }),
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map(({ reader }) => reader.close()));
  }
}

/** Reads the logs into a correlator. @throws Failure for a log that cannot be opened */
export async function readLogs(
  names: readonly string[],
  correlator: Correlator,
  options: ReadOptions,
): Promise<{ logs: LogResult[]; repeated: string[] }> {
  const { names: kept, repeated } = await withoutRepeats(names);
  const logs: Log[] = [];
  for (const name of kept) logs.push(await look(name, options));
  const stamped = logs.filter((log) => log.beginning !== undefined);
  const years = yearsOf(
    stamped.map((log) => log.beginning as Beginning),
    options.year,
  );
  const queue = logs.map((log) => {
    const { beginning } = log;
    const year = beginning === undefined ? Number.NaN : (years[stamped.indexOf(log)] as number);
    // A log without any time is read first, and says nothing about time.
    return {
      log,
      year,
      at: beginning === undefined ? Number.NEGATIVE_INFINITY : instantOf(beginning, year, options.zone),
    };
  });
  queue.sort((a, b) => a.at - b.at);
  const known = logs.every((log) => log.path !== undefined);
  const reading = new Reading(correlator, options, known ? logs.reduce((sum, log) => sum + log.size, 0) : 0);
  try {
    while (queue.length > 0 || reading.active.length > 0) {
      const first = queue[0];
      const behind = Math.min(
        ...reading.active.map(({ lines }) => (Number.isNaN(lines.clock) ? -Infinity : lines.clock)),
      );
      if (first !== undefined && (reading.active.length === 0 || first.at <= behind + AHEAD)) {
        queue.shift();
        const year = Number.isNaN(first.year) ? new Date(options.now).getUTCFullYear() : first.year;
        await reading.start(first.log, year, first.at);
        continue;
      }
      const upcoming = first?.at ?? Number.POSITIVE_INFINITY;
      const step = reading.next(upcoming);
      if (step !== undefined) await reading.go(step, upcoming);
    }
  } finally {
    await reading.close();
  }
  correlator.finish();
  return { logs: reading.results, repeated };
}

/** When the first line of a log was written, in ms since 1970. */
function instantOf({ instant, first }: Beginning, year: number, zone: ZoneClock): number {
  if (instant !== undefined) return instant;
  const date = new Date(first);
  date.setUTCFullYear(year);
  return zone(date.getTime(), Number.NaN);
}
