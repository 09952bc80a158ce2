/** The target's log, as it comes out of the container: the mail log line by line, and what the start script says. */
import type { LogLine } from '../../reports/model.ts';

/** A hostile or broken target may log without end. */
const MAX_LINES = 200_000;
const MAX_LINE_LENGTH = 4_000;

/** A hostile line may be nothing but names; an honest one has two or three. */
const MAX_NAMES = 20;

const syslogLine = /^syslog (\S+) (.*)$/s;
const harnessLine = /^relayproof: (\w+) ?(.*)$/s;

/**
 * What a line may be looked for by: an IPv4 address, an IPv6 address, a queue id of sendmail (eight characters of time
 * and count, and the process id in six or more digits; behind "qf" and its like it is a file), an attempt's token. None
 * is part of a longer one. An address may stand behind "::ffff:" or "IPv6:".
 */
const names = new RegExp(
  [
    String.raw`(?<![0-9a-f.])(\d{1,3}(?:\.\d{1,3}){3})(?![0-9a-f:]|\.\d)`,
    String.raw`(?:(?<=IPv6:)|(?<![0-9a-f.]|[0-9a-f:]:|IPv)(?!:[^:]))((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?![0-9a-f:]|\.\d)`,
    String.raw`(?<![0-9a-z])(?:[a-z]f)?([0-9a-z]{8}\d{6,8})(?![0-9a-z])`,
    '(?<![0-9a-z])(rp[0-9a-f]{16})(?![0-9a-z])',
  ].join('|'),
  'gi',
);
const isName = new RegExp(`^(?:${names.source})$`, 'i');

/** Queue ids that differ in case only are two; addresses are not. */
const keyOf = (name: string) => (/[.:]/.test(name) ? name.toLowerCase() : name);

type Waiter = { matches: (line: LogLine) => boolean; resolve: (line: LogLine) => void; giveUp: () => void };

/** Keeps what was logged, and lets the harness wait for a line. */
export class TargetLog {
  readonly lines: LogLine[] = [];
  /** What the start script said, by kind: note, facts, output, broken, waiting, ready. */
  readonly said: { kind: string; text: string }[] = [];
  /** Set when lines no longer come, in words: from then on nothing can be concluded from silence. */
  lost: string | undefined;
  /** Settles when the start script has said how it went, or no more will come. */
  readonly started: Promise<void>;
  #listeners: { kinds: readonly string[]; resolve: () => void }[] = [];
  #ended = false;
  #partial = '';
  #waiters: Waiter[] = [];
  /** Where a name stands: numbers of lines, in order. */
  readonly #index = new Map<string, number[]>();

  constructor() {
    this.started = this.heard('ready', 'broken');
  }

  /** No more will come. */
  end(): void {
    this.#ended = true;
    for (const { resolve } of this.#listeners.splice(0)) {
      resolve();
    }
  }

  /** Resolves when the start script has said something of one of these kinds, or no more will come. */
  heard(...kinds: string[]): Promise<void> {
    if (this.#ended || this.said.some(({ kind }) => kinds.includes(kind))) {
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#listeners.push({ kinds, resolve }));
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
      this.#enter(line.text, this.lines.length - 1);
      if (this.#waiters.length > 0) {
        this.#waiters = this.#waiters.filter((waiter) => {
          const found = waiter.matches(line);
          if (found) {
            waiter.resolve(line);
          }
          return !found;
        });
      }
      return;
    }
    const said = harnessLine.exec(text);
    if (said) {
      const kind = said[1] ?? '';
      this.said.push({ kind, text: said[2] ?? '' });
      this.#listeners = this.#listeners.filter(({ kinds, resolve }) => {
        const listened = kinds.includes(kind);
        if (listened) {
          resolve();
        }
        return !listened;
      });
    }
  }

  #enter(text: string, number: number): void {
    let count = 0;
    for (const match of text.matchAll(names)) {
      if (++count > MAX_NAMES) {
        return;
      }
      const name = keyOf(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
      const known = this.#index.get(name);
      if (!known) {
        this.#index.set(name, [number]);
      } else if (known.at(-1) !== number) {
        known.push(number);
      }
    }
  }

  /**
   * The lines that name one of these, in their order: addresses as they are spelled in the log, or queue ids. Found by
   * an index: attempts and lines both grow with the catalogue, and looking at each line for each attempt by their
   * product.
   */
  naming(wanted: readonly string[]): LogLine[] {
    const numbers = new Set<number>();
    for (const name of wanted) {
      for (const number of isName.test(name) ? (this.#index.get(keyOf(name)) ?? []) : this.#scan(name)) {
        numbers.add(number);
      }
    }
    return [...numbers].sort((a, b) => a - b).flatMap((number) => this.lines[number] ?? []);
  }

  /** For what no index has: a target may call its messages what it likes. */
  *#scan(name: string): Iterable<number> {
    for (const [number, { text }] of this.lines.entries()) {
      if (text.includes(name)) {
        yield number;
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
