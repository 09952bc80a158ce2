import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { duration, type ProgressEvent, printProgress, runStep } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function printer(style: { tty: boolean; verbose?: boolean }) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), columns: 30 };
  return { written, progress: printProgress({ stream, colour: false, ...style }) };
}

it('writes plain lines at the start and the end, and a heartbeat every ten seconds between', () => {
  const { written, progress } = printer({ tty: false });
  progress({ step: 'base image', state: 'start' });
  for (let second = 1; second <= 21; second += 1) {
    vi.setSystemTime(second * 1000);
    progress({ step: 'base image', state: 'update', detail: `unpacking ${second}` });
  }
  progress({ step: 'base image', state: 'done', detail: 'bootstrapped', ms: 28_100 });
  expect(written).toEqual([
    '… base image\n',
    '… base image (10.0 s so far): unpacking 10\n',
    '… base image (20.0 s so far): unpacking 20\n',
    '✔ base image: bootstrapped (28.1 s)\n',
  ]);
});

it('rewrites one line on a terminal, never longer than it is wide, and clears it at the end', () => {
  const { written, progress } = printer({ tty: true });
  progress({ step: 'image', state: 'start' });
  vi.setSystemTime(1000);
  progress({ step: 'image', state: 'update', detail: `\u001b[2Jsetting up ${'x'.repeat(200)}` });
  progress({ step: 'image', state: 'done', detail: 'built' });
  expect(written[1]).toBe(`\r\u001b[2K… image: setting up xxxxxxxx…`);
  expect(written.slice(2)).toEqual(['\r\u001b[2K', '✔ image: built\n']);
});

it('is silent about what there was nothing to do for, unless verbose', () => {
  const quiet = printer({ tty: false });
  quiet.progress({ step: 'image', state: 'skipped', detail: 'is there' });
  expect(quiet.written).toEqual([]);
  const verbose = printer({ tty: false, verbose: true });
  verbose.progress({ step: 'image', state: 'skipped', detail: 'is there' });
  expect(verbose.written).toEqual(['· image: is there\n']);
});

it('tells the end of a step that fails, and passes the error on', async () => {
  const events: ProgressEvent[] = [];
  const failing = runStep(
    (event) => events.push(event),
    'image',
    async () => {
      throw new Error('no');
    },
  );
  await expect(failing).rejects.toThrow('no');
  expect(events.map(({ state }) => state)).toEqual(['start', 'failed']);
});

it('words durations', () => {
  expect([400, 28_149, 125_000].map(duration)).toEqual(['0.4 s', '28.1 s', '2 min 5 s']);
});
