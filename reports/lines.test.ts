import { expect, test } from 'vitest';
import { renderLines } from './lines.ts';
import { hostileTexts, sampleReport, withEveryText } from './sample-report.ts';

const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test('each attempt of each configuration is one line that needs no other', () => {
  const report = sampleReport();
  const lines = linesOf(renderLines(report));
  const all = report.configurations.flatMap(({ name, attempts }) => attempts.map(({ id }) => `${name} ${id}`));
  expect(lines.map(({ configuration, id }) => `${configuration} ${id}`)).toEqual(all);
  const described = report.catalogue[0];
  const line = lines.find(({ id }) => id === described?.id);
  expect(line).toMatchObject({
    schemaVersion: 1,
    relayproof: report.provenance.version,
    requirement: described?.requirement,
    level: described?.level,
    remedy: described?.remedy,
  });
  const [first] = report.configurations;
  expect(lines[0]).toMatchObject({ ...first?.attempts[0], configurationVerdict: first?.verdict });
});

test('hostile text breaks no line', () => {
  // An endless line in every field would be gigabytes.
  for (const hostile of Object.values(hostileTexts).filter(({ length }) => length < 10_000)) {
    const report = withEveryText(sampleReport(), (value) => `${value}${hostile}\n\u2028`);
    const count = report.configurations.reduce((sum, { attempts }) => sum + attempts.length, 0);
    expect(linesOf(renderLines(report))).toHaveLength(count);
  }
});

test('a report without attempts is no line', () => {
  expect(renderLines({ ...sampleReport(), configurations: [] })).toBe('');
});
