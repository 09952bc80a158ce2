/** Shows on standard error what goes on: one line that changes on a terminal, a line per configuration elsewhere. */
import { createColors } from 'picocolors';
import type { AuditEvent } from '../audit/audit.ts';
import type { Plan } from '../audit/plan.ts';
import { visible } from '../reports/visible.ts';
import { count } from '../reports/words.ts';
import { colourOn } from './print-failure.ts';

const REDRAW_MS = 100;
const HEARTBEAT_MS = 10_000;

type Stream = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export class LiveView {
  readonly #stream: Stream;
  readonly #started = Date.now();
  readonly #total: number;
  readonly #configurations: number;
  readonly #planned: Map<string, number>;
  readonly #done = new Map<string, number>();
  readonly #failed = new Set<string>();
  #attempts = 0;
  #finished = 0;
  #current = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(plan: Plan, stream: Stream = process.stderr) {
    this.#stream = stream;
    this.#configurations = plan.configurations.length;
    this.#planned = new Map(plan.configurations.map((one) => [one.configuration.name, one.attempts.length]));
    this.#total = [...this.#planned.values()].reduce((sum, n) => sum + n, 0);
    const draw = stream.isTTY ? () => this.#draw() : () => stream.write(`  ${this.#words()}\n`);
    stream.write(`${count(this.#configurations, 'configuration')}, ${count(this.#total, 'attempt')}\n`);
    this.#timer = setInterval(draw, stream.isTTY ? REDRAW_MS : HEARTBEAT_MS).unref();
  }

  handle(event: AuditEvent): void {
    if (event.kind === 'attempt') {
      this.#attempts++;
      this.#current = event.configuration;
      this.#done.set(event.configuration, (this.#done.get(event.configuration) ?? 0) + 1);
      return;
    }
    if (event.state === 'started') {
      this.#current = event.configuration;
    } else if (event.state === 'failed') {
      this.#line('✘', `${visible(event.configuration, 300)}: did not start`);
      this.#failed.add(event.configuration);
    } else if (this.#failed.has(event.configuration)) {
      this.#finished++;
    } else {
      this.#finished++;
      const tried = this.#done.get(event.configuration) ?? 0;
      const planned = this.#planned.get(event.configuration) ?? 0;
      const rest = planned - tried;
      const words = `${count(tried, 'attempt')}${rest > 0 ? `, ${rest} not applicable` : ''}`;
      this.#line(
        '·',
        `${visible(event.configuration, 300)}: ${words} (${seconds(Date.now() - this.#started)} into the run)`,
      );
    }
  }

  #words(): string {
    return (
      `${seconds(Date.now() - this.#started)}  ${this.#finished}/${this.#configurations} configurations, ` +
      `${this.#attempts}/${this.#total} attempts  ${visible(this.#current, 300)}`
    );
  }

  #draw(): void {
    const width = (this.#stream.columns ?? 80) - 1;
    this.#stream.write(`\r\u001b[2K${this.#words().slice(0, width)}`);
  }

  #line(glyph: string, text: string): void {
    const { dim } = createColors(colourOn(this.#stream));
    this.#stream.write(`${this.#stream.isTTY ? '\r\u001b[2K' : ''}${dim(`${glyph} ${text}`)}\n`);
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#stream.isTTY) {
      this.#stream.write('\r\u001b[2K');
    }
  }
}
