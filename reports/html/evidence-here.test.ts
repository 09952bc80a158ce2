import { expect, test } from 'vitest';
import type { AttemptResult, ConfigurationResult, Evidence } from '../model.ts';
import { sampleReport } from '../sample-report.ts';
import { evidenceHere } from './evidence-here.ts';

const evidence = {} as Evidence;
const attempts = (verdict: AttemptResult['verdict'], count: number) =>
  Array.from({ length: count }, () => ({ verdict, evidence }) as AttemptResult);
const report = (...configurations: [ConfigurationResult['role'], AttemptResult[]][]) => ({
  ...sampleReport(),
  configurations: configurations.map(([role, list]) => ({ role, attempts: list }) as ConfigurationResult),
});

test('everything stands in the page of a small run', () => {
  const here = evidenceHere(report(['subject', attempts('pass', 150)], ['control', attempts('fail', 50)]));
  expect([here(0, 0), here(0, 149), here(1, 49)]).toEqual([true, true, true]);
});

test('in a large one what is no pass comes first, then what flags controls, then passes', () => {
  const here = evidenceHere(
    report(
      ['reference', attempts('pass', 3_000)],
      ['control', attempts('fail', 50)],
      ['subject', attempts('fail', 100)],
    ),
  );
  expect(here(2, 99)).toBe(true);
  expect(here(1, 49)).toBe(true);
  expect(here(0, 49)).toBe(true);
  expect(here(0, 50)).toBe(false);
});

test('what should have flagged a control, and passed, comes first as well', () => {
  const many = report(['reference', attempts('pass', 3_000)], ['control', attempts('pass', 2)]);
  const control = { detectedBy: ['seen'] } as ConfigurationResult['control'];
  const [reference, missed] = many.configurations as [ConfigurationResult, ConfigurationResult];
  const [first, second] = missed.attempts as [AttemptResult, AttemptResult];
  const named = { ...missed, control, attempts: [first, { ...second, id: 'seen' }] } as ConfigurationResult;
  const here = evidenceHere({ ...many, configurations: [reference, named] });
  expect([here(1, 0), here(1, 1)]).toEqual([false, true]);
});

test('where there is no evidence, none stands in the page', () => {
  const here = evidenceHere(report(['subject', [{ verdict: 'not-applicable' } as AttemptResult]]));
  expect(here(0, 0)).toBe(false);
});
