/** The log of somebody's own image: whatever its syslog puts before a line is taken off, and passwords are masked. */
import type { Readable } from 'node:stream';
import { MASK } from '../../../clients/secret.ts';
import { TargetLog } from '../target-log.ts';

/** The program and its process id, wherever they stand: date, host and facility before them are the syslog's own. */
const tagged = /(?:^|[\s>|])([\w./-]+\[\d+\]: .*)$/s;
/** What passwords that the harness draws look like. */
const DRAWN = /[0-9a-f]{24}/g;
const LAST_LINES = 40;

/** What a line says, from the program's name on. */
export function wordsOf(line: string): string {
  return tagged.exec(line)?.[1] ?? line;
}

export class ImageLog {
  readonly log = new TargetLog();
  /** The last lines as they came, to be shown where the image does not run. */
  readonly last: string[] = [];
  readonly #passwords: ReadonlySet<string>;

  constructor(passwords: Iterable<string>) {
    this.#passwords = new Set(passwords);
  }

  attach(stream: Readable): void {
    let partial = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (partial + chunk).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) {
        this.take(line.replace(/\r$/, ''));
      }
    });
  }

  masked(text: string): string {
    return text.replace(DRAWN, (drawn) => (this.#passwords.has(drawn) ? MASK : drawn));
  }

  take(line: string): void {
    const shown = this.masked(line);
    this.last.push(shown);
    if (this.last.length > LAST_LINES) {
      this.last.shift();
    }
    this.log.take(`syslog ${new Date().toISOString()} ${wordsOf(shown)}\n`);
  }
}
