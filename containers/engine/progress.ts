import picocolors from 'picocolors';
import { plainLines } from './plain-text.ts';

/** One piece of news from the set-up; `ms` is how long the step took, and comes with its end. */
export type ProgressEvent = {
  step: string;
  state: 'start' | 'update' | 'done' | 'skipped' | 'failed';
  detail?: string;
  ms?: number;
};

export type Progress = (event: ProgressEvent) => void;

export type ProgressStyle = {
  stream: { write(text: string): unknown; columns?: number };
  colour: boolean;
  /** Whether the stream is a terminal, on which a line can be rewritten. */
  tty: boolean;
  /** Also shows the steps for which there was nothing to do. */
  verbose?: boolean;
};

const heartbeatMs = 10_000;
const redrawMs = 80;

/** Writes a line for each finished step; a running step's detail is shown in place on a terminal, else every 10 s at most. */
export function printProgress({ stream, colour, tty, verbose = false }: ProgressStyle): Progress {
  const colours = picocolors.createColors(colour);
  const running = new Map<string, { startedAt: number; spokenAt: number; detail: string }>();
  let drawnAt = 0;
  let drawn = false;

  const clear = () => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  const draw = (line: string) => {
    const room = Math.max(20, (stream.columns ?? 80) - 1);
    stream.write(`\r\u001b[2K${colours.dim(line.length > room ? `${line.slice(0, room - 1)}…` : line)}`);
    drawn = true;
    drawnAt = Date.now();
  };
  const say = (line: string) => {
    clear();
    stream.write(`${line}\n`);
  };

  return ({ step, state, detail: rawDetail, ms }) => {
    const detail = rawDetail === undefined ? '' : (plainLines(rawDetail).at(-1) ?? '');
    const text = detail === '' ? step : `${step}: ${detail}`;
    const now = Date.now();
    const current = running.get(step);
    switch (state) {
      case 'start':
        running.set(step, { startedAt: now, spokenAt: now, detail });
        if (tty) draw(`… ${text}`);
        else say(`… ${text}`);
        return;
      case 'update':
        if (current === undefined) return;
        current.detail = detail;
        if (tty) {
          if (now - drawnAt >= redrawMs) draw(`… ${text}`);
        } else if (now - current.spokenAt >= heartbeatMs) {
          current.spokenAt = now;
          say(`… ${step} (${duration(now - current.startedAt)} so far): ${detail}`);
        }
        return;
      case 'done':
        running.delete(step);
        say(`${colours.green('✔')} ${text}${ms === undefined ? '' : colours.dim(` (${duration(ms)})`)}`);
        break;
      case 'failed':
        running.delete(step);
        say(`${colours.red('✘')} ${text}${ms === undefined ? '' : colours.dim(` (${duration(ms)})`)}`);
        break;
      case 'skipped':
        running.delete(step);
        clear();
        if (verbose) say(`${colours.dim('·')} ${text}`);
        break;
    }
    const next = [...running].at(-1);
    if (tty && next !== undefined) draw(`… ${next[0]}${next[1].detail === '' ? '' : `: ${next[1].detail}`}`);
  };
}

/** Runs one step and tells its start, its end and its time; what `work` throws is passed on. `outcome` words the last line. */
export async function runStep<T>(
  progress: Progress,
  step: string,
  work: (update: (detail: string) => void) => Promise<T>,
  outcome: (value: T) => string | undefined = () => undefined,
): Promise<T> {
  const startedAt = performance.now();
  progress({ step, state: 'start' });
  try {
    const value = await work((detail) => progress({ step, state: 'update', detail }));
    const detail = outcome(value);
    const ms = performance.now() - startedAt;
    progress(detail === undefined ? { step, state: 'done', ms } : { step, state: 'done', detail, ms });
    return value;
  } catch (error) {
    // Why it failed is told once, by whoever catches this.
    progress({ step, state: 'failed', detail: 'failed', ms: performance.now() - startedAt });
    throw error;
  }
}

/** Words a duration given in milliseconds: `0.4 s`, `28.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
