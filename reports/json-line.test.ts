import { expect, test } from 'vitest';
import { jsonLine } from './json-line.ts';

test('what acts is escaped, and read back the same', () => {
  const text = 'a\0\u001b[2J\u009b31m\u007f\u0085\u2028\u2029\u202e\u2066\u200b\ufeff\u{e0041}\ud800\ufffe é東😀"\\';
  const value = { [text]: [text, 1, null, { deep: text }] };
  const line = jsonLine(value);
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe]/u);
  expect(line).toContain('é東😀');
  expect(JSON.parse(line)).toEqual(value);
});
