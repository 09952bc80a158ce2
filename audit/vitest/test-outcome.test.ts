import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../../reports/model.ts';
import { outcomesOf } from './test-outcome.ts';

type Planned = Parameters<typeof outcomesOf>[0];

/** Of an attempt and of a configuration: what outcomes look at, and no more. */
const attempt = (id: string, level = 'must') => ({
  id,
  level,
  effect: 'leak',
  requirement: `requirement of ${id}`,
  remedy: `remedy of ${id}`,
});
const planned = (
  role: 'reference' | 'control',
  changes: { detectedBy?: string[]; mustPass?: string[] } = {},
): Planned =>
  ({
    configuration: { name: 'one', role },
    attempts: [attempt('a'), attempt('b'), attempt('advice', 'should')],
    detectedBy: [],
    mustPass: [],
    ...changes,
  }) as unknown as Planned;
const result = (id: string, verdict: AttemptResult['verdict'], reason = '250 ok'): AttemptResult =>
  ({ id, verdict, reason, expected: 'block', observed: 'relayed', phase: 'fate' }) as AttemptResult;

describe('of a reference', () => {
  const only = (one: AttemptResult) => outcomesOf(planned('reference'), [one])[0];

  test('what passes passes', () => expect(only(result('a', 'pass'))).toEqual({ id: 'a' }));
  test('a failure is told with what was observed, the requirement and the remedy', () => {
    expect(only(result('a', 'fail'))).toEqual({
      id: 'a',
      failure: 'leak: expected block, observed relayed (fate): 250 ok\nrequirement of a\nremedy of a',
    });
  });
  test('what is inconclusive fails too', () => {
    expect(only(result('a', 'inconclusive', 'throttled'))?.failure).toMatch(/^inconclusive: .*throttled/);
    expect(only(result('advice', 'inconclusive'))?.failure).toMatch(/^inconclusive/);
  });
  test('advice that is not followed is no failure', () => {
    expect(only(result('advice', 'fail'))).toEqual({ id: 'advice' });
  });
  test.each(['not-applicable', 'waived'] as const)('%s is skipped, with the reason', (verdict) => {
    expect(only(result('a', verdict, 'for a reason'))).toEqual({ id: 'a', skipped: `${verdict}: for a reason` });
  });
});

describe('of a control', () => {
  const outcomes = (changes: Parameters<typeof planned>[1], ...results: AttemptResult[]) =>
    outcomesOf(planned('control', changes), results).map(({ failure }) => failure);

  test('what must flag it fails when it does not', () => {
    const detectedBy = ['a', 'b'];
    expect(outcomes({ detectedBy }, result('a', 'fail'), result('b', 'pass'))).toEqual([
      undefined,
      expect.stringMatching(/^this control's fault was not detected; observed relayed/),
    ]);
    expect(outcomes({ detectedBy }, result('a', 'inconclusive'))[0]).toMatch(/not detected/);
  });
  test('what must pass on it fails when it does not', () => {
    expect(outcomes({ mustPass: ['a'] }, result('a', 'fail'), result('b', 'fail'))).toEqual([
      expect.stringMatching(/^this control has another fault than its own/),
      undefined,
    ]);
    expect(outcomes({ mustPass: ['a'] }, result('a', 'pass'))).toEqual([undefined]);
  });
});
