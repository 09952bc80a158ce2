import { afterEach, expect, test, vi } from 'vitest';
import { Failure } from '../audit/failure.ts';
import { hostileTexts } from '../reports/sample-report.ts';
import { printFailure } from './print-failure.ts';

function printed(failure: Failure): string {
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  printFailure(failure);
  return write.mock.calls.map(([text]) => String(text)).join('');
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(Object.entries(hostileTexts))('what a program or a folder says stays text: %s', (_what, hostile) => {
  const text = printed(new Failure('BAD_CONFIGURATION', hostile, `Name ${hostile}.`, { output: [hostile] }));
  expect(text).not.toMatch(/(?!\n)\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(text.length).toBeLessThan(10_000);
});

test('advice of several lines keeps them', () => {
  expect(printed(new Failure('NO_ENGINE', 'there is none', 'Do this:\n  apt-get install it'))).toBe(
    'relayproof: there is none\n  Do this:\n    apt-get install it\n',
  );
});
