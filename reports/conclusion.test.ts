import { expect, test } from 'vitest';
import { conclusion } from './conclusion.ts';
import { findings } from './findings.ts';
import type { AttemptDescription, Report } from './model.ts';
import { compliantReport } from './sample-report.ts';

const said = (levels: readonly AttemptDescription['level'][]) => {
  const sample = compliantReport();
  const [description] = sample.catalogue as [AttemptDescription];
  const report: Report = {
    ...sample,
    catalogue: levels.map((level, at) => ({ ...description, id: `x/${at}`, level })),
  };
  return conclusion(report, findings(report));
};

test('a run of attempts that decide nothing does not claim what it has not shown', () => {
  expect(said(['info', 'info'])).toMatch(/^Compliant as far as this goes: .*decides nothing/);
  expect(said(['info', 'must'])).toMatch(/for nobody else/);
  expect(said(['should'])).toMatch(/for nobody else/);
  expect(said([])).toMatch(/for nobody else/);
});
