/** How far reading has got, on standard error: a bar on a terminal, a line now and then elsewhere. */
import type { Progress } from '../readiness/read-logs.ts';
import { visible } from '../reports/visible.ts';

const REDRAW_MS = 100;
const HEARTBEAT_MS = 10_000;
const WIDTH = 24;

type Stream = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

const megabytes = (bytes: number) => `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 0 })} MB`;

export class ReadingBar {
  readonly #stream: Stream;
  readonly #started = performance.now();
  readonly #now: () => number;
  #last: number;
  #drawn = false;

  constructor(stream: Stream, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
    this.#last = now();
  }

  /** Called often; draws seldom. */
  show({ bytes, of, log }: Progress): void {
    const now = this.#now();
    if (now - this.#last < (this.#stream.isTTY ? REDRAW_MS : HEARTBEAT_MS)) return;
    this.#last = now;
    const speed = bytes / 1e6 / Math.max(0.001, (now - this.#started) / 1000);
    const share = of === undefined ? undefined : Math.min(1, bytes / of);
    const bar =
      share === undefined
        ? ''
        : `[${'#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.')}] ${String(Math.floor(share * 100)).padStart(3)} % `;
    const words = `${bar}${megabytes(bytes)}, ${speed.toFixed(0)} MB/s  ${visible(log, 200)}`;
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[2K${words.slice(0, (this.#stream.columns ?? 80) - 1)}`);
      this.#drawn = true;
    } else {
      this.#stream.write(`  ${words}\n`);
    }
  }

  end(): void {
    if (this.#drawn) this.#stream.write('\r\u001b[2K');
  }
}
