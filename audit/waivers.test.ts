import { describe, expect, test } from 'vitest';
import type { AttemptResult, AttemptVerdict } from '../reports/model.ts';
import { judgeConfiguration } from '../reports/verdict.ts';
import { remarkOn } from '../reports/waivers.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { waive, waiverResults } from './waivers.ts';

const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);
const today = new Date('2026-06-15T12:00:00Z');

const result = (id: string, verdict: AttemptVerdict): AttemptResult => ({
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

/** The results with waivers applied, and what became of the waivers. */
function waiveAll(before: AttemptResult[], ...waivers: ReturnType<typeof waiver>[]) {
  const results = waive(before, waivers, attempts, today);
  const listed = waiverResults(waivers, results, attempts, today);
  return { results, listed, remarks: listed.flatMap((one) => remarkOn(one) ?? []) };
}

describe('a waiver', () => {
  test('takes the failure’s weight, and hides neither it nor its own reason', () => {
    const { results, listed, remarks } = waiveAll([failed], waiver(failed.id, '2026-12-31'));
    expect(results).toMatchObject([{ ...failed, verdict: 'waived', reason: expect.any(String) }]);
    expect(results[0]?.reason).toContain('2026-12-31');
    expect(results[0]?.reason).toContain('until the office move');
    expect(results[0]?.reason).toContain('the sink received it');
    expect(listed).toEqual([
      { ...waiver(failed.id, '2026-12-31'), state: 'in-use', attempts: [failed.id], daysLeft: 199 },
    ]);
    expect(remarks).toEqual([]);
  });

  test.each([
    ['2026-06-16', 'waived', 'in-use', 1],
    // Its day is its last.
    ['2026-06-15', 'waived', 'in-use', 0],
    ['2026-06-14', 'fail', 'expired', -1],
    ['2020-01-01', 'fail', 'expired', -2357],
  ])('until %s leaves a failure %s, and is %s', (expires, verdict, state, daysLeft) => {
    const { results, listed, remarks } = waiveAll([failed], waiver(failed.id, expires));
    expect(results[0]?.verdict).toBe(verdict);
    expect(listed).toMatchObject([{ state, daysLeft, attempts: [failed.id] }]);
    expect(remarks.join()).toMatch(
      verdict === 'waived' ? /ends soon/ : new RegExp(`ended on ${expires}.*1 failure counts again`),
    );
    expect(results[0]?.reason.includes(`ended on ${expires}`)).toBe(verdict === 'fail');
  });

  test.each([
    ['2026-07-16', false],
    ['2026-07-15', true],
  ])('until %s ends soon: %s', (expires, soon) => {
    const { listed, remarks } = waiveAll([failed], waiver(failed.id, expires));
    expect(listed).toMatchObject([{ state: 'in-use' }]);
    expect(remarks.length > 0).toBe(soon);
    expect(remarks.join()).toMatch(soon ? /ends soon: until 2026-07-15, which is in 30 days/ : /^$/);
  });

  test('may be a pattern, and means no other attempt', () => {
    const other = result('transport/starttls', 'fail');
    const { results, listed } = waiveAll([failed, other], waiver('transport/plaintext-*', '2026-12-31'));
    expect(results.map(({ verdict }) => verdict)).toEqual(['waived', 'fail']);
    expect(results[1]).toEqual(other);
    expect(listed[0]?.attempts).toEqual([failed.id]);
  });

  test.each(['pass', 'not-applicable'] as const)('for what is %s is not needed, and changes nothing', (verdict) => {
    const { results, listed, remarks } = waiveAll([result(failed.id, verdict)], waiver(failed.id, '2026-12-31'));
    expect(results).toEqual([result(failed.id, verdict)]);
    expect(listed).toMatchObject([{ state: 'not-needed', attempts: [] }]);
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toContain(`${failed.id} is not needed`);
  });

  test('for what was not tried, or is inconclusive, is undecided: it may be needed yet', () => {
    const inconclusive = result(failed.id, 'inconclusive');
    const { results, listed, remarks } = waiveAll([inconclusive], waiver('*', '2026-12-31'));
    expect(results).toEqual([inconclusive]);
    expect(listed).toMatchObject([{ state: 'undecided' }]);
    expect(remarks.join()).toContain('undecided');
    const elsewhere = waiveAll([result('transport/starttls', 'pass')], waiver(failed.id, '2026-12-31'));
    expect(elsewhere.listed).toMatchObject([{ state: 'undecided' }]);
  });

  test('that has ended and has nothing to do is to be taken out', () => {
    const { listed, remarks } = waiveAll([result(failed.id, 'pass')], waiver(failed.id, '2026-01-31'));
    expect(listed).toMatchObject([{ state: 'expired', attempts: [] }]);
    expect(remarks.join()).toContain('take it out');
  });

  test('beside another one for the same attempt is in use as well, and one that lasts serves', () => {
    const { results, listed } = waiveAll(
      [failed],
      waiver(failed.id, '2026-01-31'),
      waiver('transport/*', '2026-12-31'),
      waiver('transport/plaintext-*', '2026-11-30'),
    );
    expect(results[0]?.verdict).toBe('waived');
    expect(listed.map(({ state }) => state)).toEqual(['expired', 'in-use', 'in-use']);
  });

  test('makes a violation none; an ended one does not, and neither hides what is inconclusive', () => {
    const judged = (expires: string, other: AttemptVerdict) => {
      const { results } = waiveAll([failed, result('transport/starttls', other)], waiver('transport/*', expires));
      return judgeConfiguration(results, () => 'must', undefined).verdict;
    };
    expect([judged('2026-12-31', 'pass'), judged('2026-01-01', 'pass')]).toEqual(['compliant', 'non-compliant']);
    expect(judged('2026-12-31', 'inconclusive')).toBe('inconclusive');
  });
});
