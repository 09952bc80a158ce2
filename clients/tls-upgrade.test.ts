import { describe, expect, test } from 'vitest';
import { datesFaultOf } from './tls-upgrade.ts';

describe('the dates of a certificate', () => {
  const dates = { valid_from: 'Jan  1 00:00:00 2020 GMT', valid_to: 'Jan  1 00:00:00 2021 GMT' };

  test.each([
    ['before its time', '2019-12-31T23:59:59Z', /not valid before Jan {2}1 00:00:00 2020/],
    ['from its first second', '2020-01-01T00:00:00Z', /^$/],
    ['up to its last', '2021-01-01T00:00:00Z', /^$/],
    ['after it', '2021-01-01T00:00:01Z', /expired on Jan {2}1 00:00:00 2021/],
  ])('%s', (_when, now, fault) => {
    expect(datesFaultOf(dates, new Date(now))).toMatch(fault);
  });

  test('that nobody can read are a fault', () => {
    expect(datesFaultOf({ valid_from: '', valid_to: '' })).not.toBe('');
  });
});
