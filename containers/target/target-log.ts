/** The target's log, as it comes out of the container: the mail log line by line, and what the start script says. */
import type { Readable } from 'node:stream';
import type { LogLine } from '../../reports/model.ts';

/** A hostile or broken target may log without end. */
const MAX_LINES = 200_000;
const MAX_LINE_LENGTH = 4_000;

const syslogLine = /^syslog (\S+) (.*)$/s;
const harnessLine = /^relayproof: (\w+) ?(.*)$/s;

type Waiter = { matches: (line: LogLine) => boolean; resolve: (line: LogLine) => void; giveUp: () => void };

/** Keeps what was logged, and lets the harness wait for a line. */
export class TargetLog {
  readonly lines: LogLine[] = [];
  /** What the start script said, by kind: note, facts, output, broken, ready. */
  readonly said: { kind: string; text: string }[] = [];
  /** Set when lines no longer come, in words: from then on nothing can be concluded from silence. */
  lost: string | undefined;
  /** Settles when the start script has said how it went, or no more will come. */
  readonly started: Promise<void>;
  #settle: () => void = () => {};
  #partial = '';
  #waiters: Waiter[] = [];

  constructor() {
    this.started = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  attach(stream: Readable): void {
    // Without this, a character that is cut by the end of a chunk would be lost.
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string | Buffer) => this.take(chunk.toString()));
    stream.on('error', (error) => this.lose(`its log stream broke: ${error.message}`));
    stream.on('end', () => this.lose('the target ended'));
    stream.on('close', () => this.#settle());
  }

  take(text: string): void {
    const parts = (this.#partial + text).split('\n');
    this.#partial = (parts.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    for (const part of parts) {
      this.#takeLine(part.slice(0, MAX_LINE_LENGTH));
    }
  }

  #takeLine(text: string): void {
    const logged = syslogLine.exec(text);
    if (logged) {
      const line: LogLine = { at: logged[1] ?? '', text: logged[2] ?? '' };
      if (this.lines.length >= MAX_LINES) {
        this.lose(`it logged more than ${MAX_LINES} lines`);
        return;
      }
      this.lines.push(line);
      this.#waiters = this.#waiters.filter((waiter) => {
        const found = waiter.matches(line);
        if (found) {
          waiter.resolve(line);
        }
        return !found;
      });
      return;
    }
    const said = harnessLine.exec(text);
    if (said) {
      this.said.push({ kind: said[1] ?? '', text: said[2] ?? '' });
      if (said[1] === 'ready' || said[1] === 'broken') {
        this.#settle();
      }
    }
  }

  lose(why: string): void {
    this.lost ??= why;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.giveUp();
    }
  }

  /** All that was said of a kind. */
  saying(kind: string): string[] {
    return this.said.filter((one) => one.kind === kind).map((one) => one.text);
  }

  /**
   * The first line, already there (from an index) or still to come, that matches; undefined after the deadline.
   *
   * @param deadlineMs milliseconds
   */
  waitFor(matches: (line: LogLine) => boolean, deadlineMs: number, from = 0): Promise<LogLine | undefined> {
    for (let index = from; index < this.lines.length; index++) {
      const line = this.lines[index];
      if (line && matches(line)) {
        return Promise.resolve(line);
      }
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((waiter) => waiter !== mine);
        resolve(undefined);
      }, deadlineMs);
      const mine: Waiter = {
        matches,
        resolve: (line) => {
          clearTimeout(timer);
          resolve(line);
        },
        giveUp: () => {
          clearTimeout(timer);
          resolve(undefined);
        },
      };
      this.#waiters.push(mine);
    });
  }
}
