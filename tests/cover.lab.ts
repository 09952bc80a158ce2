/** Every attempt of the catalogue is seen to fail once, and every control is detected by all that must flag it. */
import { expect, test } from 'vitest';
import { controls } from '../containers/configurations/controls.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { auditInLab } from './run-in-lab.ts';

test('asked the whole catalogue, the controls are detected, and every attempt that can fail has failed', async () => {
  const { suites } = await readCatalogue();
  const report = await auditInLab({ configurations: controls.map(({ name }) => name), suites: ['*'] });
  const missed = report.configurations.filter(({ verdict }) => verdict !== 'detected');
  expect(missed.map(({ name, reasons }) => [name, reasons])).toEqual([]);
  expect(report.configurations).toHaveLength(controls.length);
  const failed = new Set(
    report.configurations.flatMap(({ control, attempts }) =>
      attempts.filter(({ id, verdict }) => verdict === 'fail' && control?.detectedBy.includes(id)).map(({ id }) => id),
    ),
  );
  const all = suites.flatMap((suite) => suite.attempts);
  const never = all.filter(({ id, noControl }) => noControl === undefined && !failed.has(id));
  expect(never.map(({ id }) => id)).toEqual([]);
  // What is said to be beyond any fault has not failed by one of them either.
  expect(all.filter(({ id, noControl }) => noControl !== undefined && failed.has(id)).map(({ id }) => id)).toEqual([]);
}, 900_000);
