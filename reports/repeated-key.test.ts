import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { repeatedKey } from './repeated-key.ts';

const inText = (text: string) => repeatedKey(text, JSON.parse(text));

test.each([
  ['{"a":1,"a":2}', 1, 8, '"a"'],
  ['{\n "x": [1, {"deep": 1,\n  "deep" : 2}]}', 3, 3, '"deep"'],
  ['{"a":1,"\\u0061":2}', 1, 8, '"\\u0061"'],
  ['{"ä":1,"ä":{}}', 1, 8, '"ä"'],
])('%s', async (text, line, column, key) => {
  expect(await inText(text)).toEqual({ line, column, words: `the key ${key} stands twice in one object` });
});

test.each([
  '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
  '{"a":"\\"b\\":1,\\"b\\":2","b":"\\\\","c":"{\\"c\\":1}"}',
  '["a:b","c"]',
  '"a"',
  '{}',
  '{"__proto__":1,"constructor":2,"":3}',
  '{"a" \n\t:1}',
])('none in %s', async (text) => {
  expect(await inText(text)).toBeUndefined();
});

test('none in a report, however deep', async () => {
  const fixture = fileURLToPath(new URL('./fixtures/report-1.json', import.meta.url));
  expect(await inText(readFileSync(fixture, 'utf8'))).toBeUndefined();
  expect(await inText(`${'{"a":['.repeat(100_000)}${']}'.repeat(100_000)}`)).toBeUndefined();
});
