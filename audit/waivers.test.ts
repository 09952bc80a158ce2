import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../reports/model.ts';
import { judgeConfiguration } from '../reports/verdict.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { waive } from './waivers.ts';

const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);
const today = new Date('2026-06-15T12:00:00Z');

const result = (id: string, verdict: AttemptResult['verdict']): AttemptResult => ({
  id,
  suite: id.split('/')[0] ?? '',
  expected: 'block',
  observed: 'relayed',
  verdict,
  reason: 'the sink received it',
  durationMs: 1,
});
const waiver = (attempt: string, expires: string) => ({ attempt, expires, reason: 'until the office move' });
const failed = result('transport/plaintext-auth-plain', 'fail');
const waiveAll = (results: AttemptResult[], ...waivers: ReturnType<typeof waiver>[]) =>
  waive(results, waivers, attempts, today);

describe('a waiver', () => {
  test('takes the failure’s weight, and hides neither it nor its own reason', () => {
    const { results, remarks } = waiveAll([failed], waiver(failed.id, '2026-12-31'));
    expect(results).toMatchObject([{ ...failed, verdict: 'waived', reason: expect.any(String) }]);
    expect(results[0]?.reason).toContain('2026-12-31');
    expect(results[0]?.reason).toContain('until the office move');
    expect(results[0]?.reason).toContain('the sink received it');
    expect(remarks).toEqual([]);
  });

  test.each([
    ['2026-06-16', 'waived'],
    // Its day is its last.
    ['2026-06-15', 'waived'],
    ['2026-06-14', 'fail'],
    ['2020-01-01', 'fail'],
  ])('until %s leaves a failure %s', (expires, verdict) => {
    const { results, remarks } = waiveAll([failed], waiver(failed.id, expires));
    expect(results[0]?.verdict).toBe(verdict);
    expect(remarks.join()).toMatch(verdict === 'waived' ? /^$/ : new RegExp(`ended on ${expires}`));
    expect(results[0]?.reason.includes(`ended on ${expires}`)).toBe(verdict === 'fail');
  });

  test('may be a pattern, and means no other attempt', () => {
    const other = result('transport/starttls', 'fail');
    const { results } = waiveAll([failed, other], waiver('transport/plaintext-*', '2026-12-31'));
    expect(results.map(({ verdict }) => verdict)).toEqual(['waived', 'fail']);
    expect(results[1]).toEqual(other);
  });

  test('that is not needed is remarked on, and changes nothing', () => {
    for (const verdict of ['pass', 'inconclusive', 'not-applicable'] as const) {
      const { results, remarks } = waiveAll([result(failed.id, verdict)], waiver(failed.id, '2026-12-31'));
      expect(results).toEqual([result(failed.id, verdict)]);
      expect(remarks).toHaveLength(1);
      expect(remarks[0]).toContain(`${failed.id} is not needed`);
    }
    expect(waiveAll([failed], waiver('no/such', '2026-12-31')).remarks[0]).toContain('no/such is not needed');
  });

  test('is for failures alone: what is not known cannot be accepted', () => {
    const { results } = waiveAll([result(failed.id, 'inconclusive')], waiver('*', '2026-12-31'));
    expect(results[0]?.verdict).toBe('inconclusive');
  });

  test('makes a violation none, and an ended one does not', () => {
    const judged = (expires: string) => {
      const { results } = waiveAll([failed, result('transport/starttls', 'pass')], waiver(failed.id, expires));
      return judgeConfiguration(results, () => 'must', undefined).verdict;
    };
    expect([judged('2026-12-31'), judged('2026-01-01')]).toEqual(['compliant', 'non-compliant']);
  });
});
