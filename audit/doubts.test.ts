import { describe, expect, test } from 'vitest';
import type { Judgement } from '../reports/verdict.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { doubted, doubtOf, notShownHere } from './doubts.ts';

const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);
const attempt = (id: string) => {
  const found = attempts.find((one) => one.id === id);
  if (!found) {
    throw new Error(`there is no attempt ${id}`);
  }
  return found;
};
const blocked = attempt('open-relay/outside-sender');
const delivered = attempt('legitimate-mail/local');
const everything = doubtOf('* m4: a file is missing');
const pass: Judgement = { verdict: 'pass', reason: 'it was refused' };
const fail: Judgement = { verdict: 'fail', reason: 'the sink received it' };

test('what the target says of an adaptation: patterns, then words', () => {
  expect(doubtOf('network-trust/undeclared-*,open-relay/* map access: it is empty here')).toEqual({
    attempts: ['network-trust/undeclared-*', 'open-relay/*'],
    text: 'map access: it is empty here',
  });
});

describe('an adaptation that may decide', () => {
  test('makes a pass inconclusive, and says which', () => {
    const judged = doubted(pass, blocked, [everything]);
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.reason).toContain('m4: a file is missing');
    expect(doubted(pass, delivered, [everything]).verdict).toBe('inconclusive');
  });

  test('makes legitimate mail that did not get through inconclusive', () => {
    expect(doubted(fail, delivered, [everything]).verdict).toBe('inconclusive');
  });

  test('hides no leak: what is taken away opens nothing', () => {
    expect(doubted(fail, blocked, [everything])).toBe(fail);
  });

  test('is about the attempts that it names', () => {
    const other = doubtOf('network-trust/* map access: it is empty here');
    expect(doubted(pass, blocked, [other])).toBe(pass);
    expect(doubted(pass, blocked, [other, doubtOf('open-relay/* x')]).verdict).toBe('inconclusive');
  });
});

test('attempts that decide nothing are not tried where an adaptation decides them', () => {
  const certificate = attempt('transport/certificate-name');
  const doubts = [doubtOf('transport/certificate-* the lab’s certificate takes the place of yours')];
  expect(certificate.level).toBe('should');
  expect(notShownHere(certificate, doubts)).toContain('takes the place of yours');
  expect(notShownHere(certificate, [])).toBeUndefined();
  expect(notShownHere(blocked, [everything])).toBeUndefined();
});
