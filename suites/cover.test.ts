/** Every check is shown to fail, as far as that can be seen without a lab: for each attempt a control, for each control an attempt. */
import { describe, expect, test } from 'vitest';
import { matcher, planRun } from '../audit/plan.ts';
import { controls, readControl } from '../containers/configurations/controls.ts';
import type { Attempt } from './attempt.ts';
import { readCatalogue } from './catalogue.ts';
import { coreSet } from './core-set.ts';
import { isSweep } from './scene.ts';

const { suites } = await readCatalogue();
const attempts = suites.flatMap((suite) => suite.attempts);
const coverable = attempts.filter((attempt) => attempt.noControl === undefined);
const configurations = await Promise.all(controls.map(readControl));
// What counts is who has to flag a control in a full run, not what its list looks like.
const { configurations: planned } = planRun(configurations, suites, suites, { wholeProducts: true });

const flaggedBy = (attempt: Attempt) => planned.filter(({ detectedBy }) => detectedBy.includes(attempt.id));

/** Whether an attempt is made at all on a configuration of a control's mode. */
const appliesTo = (attempt: Attempt, { configuration }: (typeof planned)[number]) => {
  const { modes } = attempt.applies;
  const { mode } = configuration.policy;
  return modes === undefined || (mode !== undefined && modes.includes(mode));
};

// What a run of everything asks them: of the products of many forms, a selection.
const { configurations: plannedByDefault } = planRun(configurations, suites, suites);

test('there are controls and attempts enough to speak of a cover', () => {
  expect(controls.length).toBeGreaterThanOrEqual(70);
  expect(planned).toHaveLength(controls.length);
  expect(coverable.length).toBeGreaterThan(350);
});

test('in a run of everything, every control is asked, and every attempt that is no member of a product flags one', () => {
  const flagged = new Set(plannedByDefault.flatMap(({ detectedBy }) => detectedBy));
  expect(plannedByDefault.filter(({ detectedBy }) => detectedBy.length === 0)).toEqual([]);
  expect(coverable.filter(({ id, ofProduct }) => !ofProduct && !flagged.has(id)).map(({ id }) => id)).toEqual([]);
});

test('the core set is small, and every control is asked what must be blocked of it', () => {
  const core = attempts.filter((attempt) => attempt.core).map(({ id }) => id);
  expect([...core].sort()).toEqual([...coreSet].sort());
  expect(core.length).toBeLessThanOrEqual(20);
  const blocks = attempts.filter((attempt) => attempt.core && attempt.expected === 'block').map(({ id }) => id);
  expect(blocks.length).toBeGreaterThan(5);
  for (const one of plannedByDefault) {
    expect(blocks.filter((id) => ![...one.detectedBy, ...one.mustPass].includes(id))).toEqual([]);
  }
});

describe('a control must be flagged by', () => {
  test.each(coverable.map((attempt) => [attempt.id, attempt] as const))('%s', (_id, attempt) => {
    const named = flaggedBy(attempt);
    expect(named.length).toBeGreaterThan(0);
    // An attempt that does not apply in the mode of its only control never flags it.
    expect(named.some((control) => appliesTo(attempt, control))).toBe(true);
  });
});

describe.each(planned.map((one) => [one.configuration.name, one] as const))('the control %s', (_name, one) => {
  const patterns = one.configuration.control?.detectedBy ?? [];
  const mustFlag = coverable.filter((attempt) => one.detectedBy.includes(attempt.id));

  test('names attempts, with each of its patterns at least one', () => {
    expect(mustFlag.length).toBeGreaterThan(0);
    expect(one.unmatched).toEqual([]);
    const idle = patterns.filter((pattern) => !mustFlag.map(({ id }) => id).some(matcher(pattern)));
    expect(idle).toEqual([]);
  });

  test('names only attempts that apply in its mode', () => {
    expect(mustFlag.filter((attempt) => !appliesTo(attempt, one)).map((attempt) => attempt.id)).toEqual([]);
  });

  test('names attempts of its effect: blocks for what gets out, deliveries for what is lost', () => {
    const effect = one.configuration.control?.effect;
    const wanted = effect === 'leak' ? ['block'] : effect === 'weak' ? ['block', 'deliver'] : ['deliver'];
    /** A message that is to stay in a mailbox, and leaves. */
    const leavesHome = ({ scene }: Attempt) => effect === 'leak' && !isSweep(scene) && scene.destination === 'mailbox';
    const others = mustFlag.filter((one) => !one.answer && !wanted.includes(one.expected) && !leavesHome(one));
    expect(others.map((attempt) => attempt.id)).toEqual([]);
  });
});

test('an attempt without a control says why there is none, and no control counts on it', () => {
  const without = attempts.filter((attempt) => attempt.noControl !== undefined);
  for (const attempt of without) {
    expect(attempt.noControl).toMatch(/\w+ \w+/);
    expect(flaggedBy(attempt)).toEqual([]);
  }
  const exact = controls.flatMap((one) => one.detectedBy.filter((name) => without.some(({ id }) => id === name)));
  expect(exact).toEqual([]);
});
