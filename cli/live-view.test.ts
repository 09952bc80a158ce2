import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditEvent } from '../audit/audit.ts';
import type { Plan } from '../audit/plan.ts';
import { hostileTexts } from '../reports/sample-report.ts';
import { LiveView } from './live-view.ts';

const plan = {
  suites: [],
  configurations: ['one', 'two'].map((name, index) => ({
    configuration: { name },
    attempts: Array.from({ length: index + 2 }),
    detectedBy: [],
    unmatched: [],
  })),
} as unknown as Plan;

/** A stream that keeps what is written to it. */
function stream(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  return {
    isTTY,
    ...(columns === undefined ? {} : { columns }),
    written,
    write: (text: string) => {
      written.push(text);
      return true;
    },
  };
}
const attempt = (configuration: string): AuditEvent => ({ kind: 'attempt', configuration, attempt: 'x' });
const target = (configuration: string, state: 'started' | 'failed' | 'stopped'): AuditEvent => ({
  kind: 'target',
  configuration,
  state,
  ms: 1,
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('elsewhere than on a terminal', () => {
  test('there is a line for each configuration that is done, without control characters', () => {
    const out = stream(false);
    const view = new LiveView(plan, out);
    for (const event of [target('one', 'started'), attempt('one'), target('one', 'stopped'), target('two', 'failed')]) {
      view.handle(event);
    }
    view.end();
    const lines = out.written.join('').split('\n');
    expect(lines[0]).toBe('2 configurations, 5 attempts');
    expect(lines[1]).toMatch(/one: 1 attempt, 1 not applicable/);
    expect(lines[2]).toMatch(/two: did not start/);
    expect(lines.slice(3)).toEqual(['']);
    expect(out.written.join('')).not.toMatch(/[\r\u001b]/);
  });

  test('a word now and then says that the run goes on, until it ends', () => {
    const out = stream(false);
    const view = new LiveView(plan, out);
    vi.advanceTimersByTime(9_000);
    expect(out.written).toHaveLength(1);
    view.handle(attempt('two'));
    vi.advanceTimersByTime(1_000);
    expect(out.written[1]).toMatch(/^ {2}10\.0 s {2}0\/2 configurations, 1\/5 attempts {2}two\n$/);
    view.end();
    vi.advanceTimersByTime(60_000);
    expect(out.written).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('on a terminal', () => {
  const clear = '\r\u001b[2K';

  test('one line changes in its place, and is gone in the end', () => {
    const out = stream(true, 80);
    const view = new LiveView(plan, out);
    view.handle(attempt('one'));
    vi.advanceTimersByTime(100);
    expect(out.written.at(-1)).toMatch(/^\r\u001b\[2K0\.1 s {2}0\/2 configurations, 1\/5 attempts {2}one$/);
    view.handle(target('one', 'stopped'));
    expect(out.written.at(-1)?.startsWith(clear)).toBe(true);
    expect(out.written.at(-1)).toMatch(/one: 1 attempt.*\n$/);
    vi.advanceTimersByTime(100);
    expect(out.written.at(-1)).toContain('1/2 configurations');
    view.end();
    expect(out.written.at(-1)).toBe(clear);
    const { length } = out.written;
    vi.advanceTimersByTime(60_000);
    expect(out.written).toHaveLength(length);
  });

  test.each([20, 40, 79])('the line never wraps: %i columns', (columns) => {
    const out = stream(true, columns);
    const view = new LiveView(plan, out);
    view.handle(target('one', 'started'));
    vi.advanceTimersByTime(100);
    expect((out.written.at(-1) ?? '').length - clear.length).toBeLessThan(columns);
    view.end();
  });

  test('colour is for terminals whose user wants it', () => {
    const lineOf = (tty: boolean) => {
      const out = stream(tty);
      const view = new LiveView(plan, out);
      view.handle(target('one', 'failed'));
      view.end();
      return out.written.find((text) => text.includes('did not start')) ?? '';
    };
    expect(lineOf(true)).not.toContain('\u001b[2m');
    vi.stubEnv('NO_COLOR', '');
    expect(lineOf(true)).toContain('\u001b[2m');
    expect(lineOf(false)).not.toContain('\u001b');
  });
});

describe('a configuration called after a hostile folder', () => {
  test.each(Object.entries(hostileTexts))('%s', (_what, hostile) => {
    for (const isTTY of [true, false]) {
      const out = stream(isTTY, 80);
      const view = new LiveView(plan, out);
      for (const event of [
        target(hostile, 'started'),
        attempt(hostile),
        target(hostile, 'stopped'),
        target(hostile, 'failed'),
      ]) {
        view.handle(event);
        vi.advanceTimersByTime(10_000);
      }
      view.end();
      const shown = out.written.join('').replaceAll('\r\u001b[2K', '');
      expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
  });
});
