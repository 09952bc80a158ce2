/** One container's output, cut into the logs of the configurations that ran in it one after another. */
import type { Readable } from 'node:stream';
import { MASK } from '../../clients/secret.ts';
import { TargetLog } from './target-log.ts';

/** What the start script says between two configurations; a line of the mail log begins with "syslog ". */
const MARK = 'relayproof: next\n';

/** What may be a password that the harness drew. */
const DRAWN = /[0-9a-f]{24}/g;

export class LogSwitch {
  readonly #passwords: ReadonlySet<string>;
  /** The log of the configuration that runs now. */
  current = new TargetLog();
  #next: TargetLog | undefined;
  #partial = '';

  /** @param passwords to be masked: a server may log what it took for a user's name */
  constructor(passwords: Iterable<string> = []) {
    this.#passwords = new Set(passwords);
  }

  attach(stream: Readable): void {
    // Without this, a character that is cut by the end of a chunk would be lost.
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string | Buffer) => this.take(chunk.toString()));
    stream.on('error', (error) => this.#each((log) => log.lose(`its log stream broke: ${error.message}`)));
    stream.on('end', () => this.#each((log) => log.lose('the target ended')));
    stream.on('close', () => this.#each((log) => log.end()));
  }

  /** The log of the configuration that comes next: it begins where the last one's ends. */
  next(): TargetLog {
    this.#next = new TargetLog();
    return this.#next;
  }

  #each(tell: (log: TargetLog) => void): void {
    tell(this.current);
    if (this.#next) {
      tell(this.#next);
    }
  }

  take(text: string): void {
    const whole = this.#partial + text;
    const end = whole.lastIndexOf('\n') + 1;
    this.#partial = whole.slice(end);
    let rest = whole.slice(0, end).replace(DRAWN, (text) => (this.#passwords.has(text) ? MASK : text));
    for (let at = markIn(rest); at >= 0; at = markIn(rest)) {
      this.current.take(rest.slice(0, at));
      this.current = this.#next ?? new TargetLog();
      this.#next = undefined;
      rest = rest.slice(at + MARK.length);
    }
    this.current.take(rest);
  }
}

/** Where the mark stands as a line of its own; -1 if it does not. */
function markIn(lines: string): number {
  if (lines.startsWith(MARK)) {
    return 0;
  }
  const at = lines.indexOf(`\n${MARK}`);
  return at < 0 ? -1 : at + 1;
}
