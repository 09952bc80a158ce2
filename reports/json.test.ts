import { expect, test } from 'vitest';
import { jsonPieces, renderJson } from './json.ts';
import { sampleReport } from './sample-report.ts';

test('the pieces make what the whole would be', () => {
  expect(renderJson(sampleReport())).toBe(`${JSON.stringify(sampleReport())}\n`);
  const empty = { ...sampleReport(), configurations: [], catalogue: [] };
  expect(renderJson(empty)).toBe(`${JSON.stringify(empty)}\n`);
});

test('no piece is longer than a configuration', () => {
  const report = sampleReport();
  const longest = Math.max(...report.configurations.map((configuration) => JSON.stringify(configuration).length));
  expect(Math.max(...[...jsonPieces(report)].map(({ length }) => length))).toBeLessThanOrEqual(longest + 1);
});
