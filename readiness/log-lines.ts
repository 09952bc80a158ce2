/** Lines of one log: what stands before the message, in all the forms that logs have. */
import type { Correlator } from './correlate.ts';
import {
  COMMAND,
  HOST,
  IDENTIFIER,
  type JournalEntry,
  MESSAGE,
  PROCESS,
  SYSLOG_PROCESS,
  TIME,
} from './journal-export.ts';
import { noLines } from './line-counts.ts';
import type { Candidates } from './pop-logins.ts';
import { Remembered } from './remembered.ts';
import { lastRepeatedFor, readTimes, repeatedFor } from './repeated-messages.ts';
import type { Host } from './rights.ts';
import { startsWith } from './starts-with.ts';
import type { TimeStamps } from './time-stamp.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const digit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** By how much a time must go back to be counted, in ms. */
const OUT_OF_ORDER = 2000;
const CLOCK_JUMP = 300_000;

const FAR_AHEAD = 3_600_000;
const AGREEING_LINES = 16;

type Program = Candidates | 'sendmail' | undefined;

const sendmailNames = /^(?:.*\/)?(?:sendmail|sm-)/i;
const levels = /^(?:info|notice|warning|error|debug|fatal|panic)$/i;

export class LogLines {
  readonly counts = noLines();
  readonly stamps: TimeStamps;
  /** The time of the last line that had one, in ms. */
  time = Number.NaN;
  /** How far the log has got, in ms: a time that is far ahead counts when more lines agree with it. */
  clock = Number.NaN;
  #ahead = 0;
  /** Which login the line before told of, of all that there have been; or -1. */
  #login = -1;
  #loginHost: Host | undefined;
  readonly #correlator: Correlator;
  readonly #hosts: Remembered<Host>;
  readonly #noHost: Host;
  readonly #programs: [Remembered<Program>, Remembered<Program>];

  constructor(correlator: Correlator, stamps: TimeStamps) {
    this.#correlator = correlator;
    this.stamps = stamps;
    const program = (text: string): Program => {
      const name = text.toLowerCase();
      return sendmailNames.test(name) ? 'sendmail' : correlator.servers(name);
    };
    this.#hosts = new Remembered((text) => correlator.host(text));
    this.#noHost = correlator.host('');
    // sendmail and the POP server take turns.
    this.#programs = [new Remembered(program), new Remembered(program)];
  }

  /** One line, bytes[start, end), without its end. */
  line(bytes: Buffer, start: number, end: number): void {
    const { counts } = this;
    counts.read++;
    let at = start;
    let first = bytes[at] as number;
    let structured = false;
    if (first === 0x3c) {
      // <PRI>, and RFC 5424’s version behind it
      at++;
      while (at < end && digit(bytes[at] as number)) at++;
      at++;
      if (bytes[at + 1] === SPACE && digit(bytes[at] as number)) {
        structured = true;
        at += 2;
      }
      first = bytes[at] as number;
    } else if (first === 0x7b) {
      this.#json(bytes, start, end);
      return;
    } else if (first === 0x64 && bytes[at + 7] === COLON && bytes[at + 8] === SPACE && bytes[at + 6] === 0x74) {
      // dovecot: in a log file of its own, of old
      at += 9;
    }
    const time = at < end ? this.stamps.read(bytes, at, end) : Number.NaN;
    if (Number.isNaN(time) || bytes[this.stamps.end] !== SPACE || this.stamps.end >= end) {
      counts.withoutTime++;
      return;
    }
    this.#tick(time);
    if (structured) this.#structured(bytes, this.stamps.end + 1, end);
    else this.#classic(bytes, this.stamps.end + 1, end);
  }

  #tick(time: number): void {
    const back = this.time - time;
    if (back > OUT_OF_ORDER) {
      this.counts.outOfOrder++;
      if (back > CLOCK_JUMP) this.counts.clockJumps++;
    }
    this.time = time;
    if (time - this.clock > FAR_AHEAD && ++this.#ahead < AGREEING_LINES) return;
    this.#ahead = 0;
    this.clock = time;
  }

  /** `host program[pid]: message`, or `program: message`. */
  #classic(bytes: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && bytes[at] !== SPACE) at++;
    // Without a host: a log file of the program’s own.
    if (bytes[at - 1] === COLON || bytes[start] === OPEN) {
      this.#tagged(this.#hosts.of(bytes, start, start), bytes, start, end);
      return;
    }
    const host = this.#hosts.of(bytes, start, at);
    while (at < end && bytes[at] === SPACE) at++;
    this.#tagged(host, bytes, at, end);
  }

  /** `program[pid]: message` */
  #tagged(host: Host, bytes: Buffer, start: number, end: number): void {
    let at = start;
    let byte = 0;
    while (at < end) {
      byte = bytes[at] as number;
      if ((byte === OPEN && at > start) || byte === COLON || byte === SPACE) break;
      at++;
    }
    const nameEnd = at;
    let pid = 0;
    if (byte === OPEN) {
      at++;
      while (at < end && digit(bytes[at] as number)) {
        pid = (pid * 10 + (bytes[at] as number) - 0x30) | 0;
        at++;
      }
      at++;
    }
    if (bytes[at] !== COLON) {
      // qpopper’s own log has [popper] and no colon.
      if (byte === SPACE && bytes[start] === OPEN) this.#message(host, pid, bytes, start, nameEnd, at + 1, end);
      else if (this.#lastRepeated(host, bytes, start, end)) this.counts.used++;
      else this.#other();
      return;
    }
    at++;
    if (bytes[at] === SPACE) at++;
    const letter = bytes[start] as number;
    if (letter < 0x5b && pid === 0 && nameEnd - start <= 7 && levels.test(bytes.toString('latin1', start, nameEnd))) {
      this.#tagged(host, bytes, at, end);
      return;
    }
    // Solaris: [ID 801593 mail.info]
    if (bytes[at] === OPEN && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x44 && bytes[at + 3] === SPACE) {
      const close = bytes.indexOf(CLOSE, at);
      if (close > 0 && close < Math.min(end, at + 60)) at = close + 2;
    }
    this.#message(host, pid, bytes, start, nameEnd, at, end);
  }

  #other(): void {
    this.counts.other++;
    this.#login = -1;
  }

  /** RFC 5424 section 6: host, program, process, message id and structured data. */
  #structured(bytes: Buffer, start: number, end: number): void {
    const ends: number[] = [];
    let at = start;
    for (let field = 0; field < 4; field++) {
      while (at < end && bytes[at] !== SPACE) at++;
      ends.push(at++);
    }
    const [hostEnd = end, nameEnd = end, pidEnd = end] = ends;
    if (at >= end) {
      this.counts.other++;
      return;
    }
    if (bytes[at] === OPEN) at = afterStructuredData(bytes, at, end);
    else at++;
    if (bytes[at] === SPACE) at++;
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    let pid = 0;
    for (let position = nameEnd + 1; position < pidEnd && digit(bytes[position] as number); position++) {
      pid = (pid * 10 + (bytes[position] as number) - 0x30) | 0;
    }
    this.#message(this.#hosts.of(bytes, start, hostEnd), pid, bytes, hostEnd + 1, nameEnd, at, end);
  }

  #message(
    host: Host,
    pid: number,
    bytes: Buffer,
    nameStart: number,
    nameEnd: number,
    start: number,
    end: number,
  ): void {
    const program = this.#program(bytes, nameStart, nameEnd);
    const before = this.#correlator.tally.popLogins;
    const used =
      program !== undefined &&
      start < end &&
      (bytes[start] === 0x6d && startsWith(bytes, start, end, repeatedFor)
        ? this.#repeated(host, pid, program, bytes, start + repeatedFor.length, end)
        : this.#used(host, pid, program, bytes, start, end));
    if (used) this.counts.used++;
    else this.counts.other++;
    const now = this.#correlator.tally.popLogins;
    this.#login = now > before ? now : -1;
    this.#loginHost = host;
  }

  #used(
    host: Host,
    pid: number,
    program: Exclude<Program, undefined>,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    return program === 'sendmail'
      ? this.#correlator.sendmail(this.time, host, pid, bytes, start, end)
      : this.#correlator.pop(this.time, program, host.seed ^ pid, bytes, start, end);
  }

  /** rsyslog: `message repeated 2 times: [ the message]`, from the number on. */
  #repeated(
    host: Host,
    pid: number,
    program: Exclude<Program, undefined>,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    const times = readTimes(bytes, start, end);
    let at = times.end;
    if (times.count < 1 || bytes[at] !== COLON || bytes[at + 1] !== SPACE || bytes[at + 2] !== OPEN) return false;
    if (bytes[end - 1] !== CLOSE) return false;
    at += bytes[at + 3] === SPACE ? 4 : 3;
    let used = false;
    for (let time = 0; time < times.count; time++) used = this.#used(host, pid, program, bytes, at, end - 1);
    return used;
  }

  /** syslogd: `last message repeated 2 times`, behind a login. */
  #lastRepeated(host: Host, bytes: Buffer, start: number, end: number): boolean {
    if (!startsWith(bytes, start, end, lastRepeatedFor)) return false;
    const { count } = readTimes(bytes, start + lastRepeatedFor.length, end);
    // Another log, which is read in turns with this one, may have had one since.
    if (this.#loginHost !== host || this.#login !== this.#correlator.tally.popLogins) return false;
    for (let time = 0; time < count; time++) this.#correlator.again(this.time);
    if (count > 0) this.#login = this.#correlator.tally.popLogins;
    return count > 0;
  }

  #program(bytes: Buffer, start: number, end: number): Program {
    // Which of the two is asked goes by the first letter: s for sendmail.
    const which = bytes[start] === 0x73 ? 0 : 1;
    return this.#programs[which].of(bytes, start, end);
  }

  /** An entry of `journalctl -o export`. */
  exported(bytes: Buffer, entry: JournalEntry): void {
    const { counts } = this;
    const { starts, ends } = entry;
    counts.read++;
    const name = entry.has(IDENTIFIER) ? IDENTIFIER : COMMAND;
    const micros = entry.has(TIME) ? wholeNumber(bytes, starts[TIME] as number, ends[TIME] as number) : 0;
    if (micros <= 0 || !entry.has(name) || !entry.has(MESSAGE)) {
      counts.withoutTime++;
      return;
    }
    const time = Math.floor(micros / 1000);
    this.stamps.last = time;
    this.#tick(time);
    const host = entry.has(HOST) ? this.#hosts.of(bytes, starts[HOST] as number, ends[HOST] as number) : this.#noHost;
    const pid = entry.has(SYSLOG_PROCESS) ? SYSLOG_PROCESS : PROCESS;
    const process = entry.has(pid) ? wholeNumber(bytes, starts[pid] as number, ends[pid] as number) | 0 : 0;
    const [nameStart, nameEnd] = [starts[name] as number, ends[name] as number];
    this.#message(host, process, bytes, nameStart, nameEnd, starts[MESSAGE] as number, ends[MESSAGE] as number);
  }

  /** An entry of `journalctl -o json`. */
  #entry(fields: JsonEntry): void {
    const { counts } = this;
    counts.read++;
    const micros = Number(fields.time);
    const { name, message } = fields;
    if (!Number.isFinite(micros) || micros <= 0 || name === undefined || message === undefined) {
      counts.withoutTime++;
      return;
    }
    const time = Math.floor(micros / 1000);
    this.stamps.last = time;
    this.#tick(time);
    const host = this.#correlator.host(fields.host ?? '');
    const bytes = Buffer.concat([Buffer.from(name, 'latin1'), message]);
    this.#message(host, Number(fields.pid ?? 0) | 0, bytes, 0, name.length, name.length, bytes.length);
  }

  #json(bytes: Buffer, start: number, end: number): void {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8', start, end));
    } catch {
      value = undefined;
    }
    if (typeof value !== 'object' || value === null) {
      this.counts.withoutTime++;
      return;
    }
    const field = (name: string): string | undefined => {
      const content = (value as Record<string, unknown>)[name];
      return typeof content === 'string' ? content : undefined;
    };
    const { MESSAGE } = value as { MESSAGE?: unknown };
    this.counts.read--;
    this.#entry({
      time: field('__REALTIME_TIMESTAMP'),
      host: field('_HOSTNAME'),
      name: field('SYSLOG_IDENTIFIER') ?? field('_COMM'),
      pid: field('SYSLOG_PID') ?? field('_PID'),
      message:
        typeof MESSAGE === 'string' ? Buffer.from(MESSAGE) : Array.isArray(MESSAGE) ? Buffer.from(MESSAGE) : undefined,
    });
  }
}

/** What is used of an entry of the journal (systemd.journal-fields(7)); `time` in µs since 1970. */
type JsonEntry = {
  time: string | undefined;
  host: string | undefined;
  name: string | undefined;
  pid: string | undefined;
  message: Buffer | undefined;
};

/** The number that bytes[start, end) are, or -1 if they are none. */
function wholeNumber(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (!digit(byte)) return -1;
    number = number * 10 + byte - 0x30;
  }
  return start < end ? number : -1;
}

/** Behind `[id name="value"]…` (RFC 5424 section 6.3), whose values may hold escaped brackets. */
function afterStructuredData(bytes: Buffer, start: number, end: number): number {
  let quoted = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === 0x5c) at++;
    else if (byte === 0x22) quoted = !quoted;
    else if (byte === 0x5d && !quoted && bytes[at + 1] !== OPEN) return at + 1;
  }
  return end;
}
