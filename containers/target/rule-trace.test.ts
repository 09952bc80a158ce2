import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decisionOf, joined, lookupsOf, readTrace, rulesIn } from './rule-trace.ts';

/** Output of `sendmail -bt` 8.18.1 under -d21.12 -d60.1, as it came. */
const traceOf = (name: string) => {
  const call = readTrace(readFileSync(new URL(`../../tests/traces/${name}.txt`, import.meta.url), 'utf8'));
  if (!call) {
    throw new Error(`${name} has no trace in it`);
  }
  return call;
};

const decided = (name: string) => {
  const decision = decisionOf(traceOf(name));
  return decision && { ...decision, step: `${decision.step.number}: ${decision.step.left}` };
};

test('the tree has which ruleset called which', () => {
  const call = traceOf('access-relay');
  expect(call).toMatchObject({ ruleset: 'check_rcpt', input: '< v @ elsewhere . example >', output: 'RELAY' });
  const basic = call.steps.at(-1)?.calls[0];
  expect(basic?.ruleset).toBe('Basic_check_rcpt');
  expect(basic?.steps.flatMap(({ calls }) => calls.map(({ ruleset }) => ruleset))).toEqual(['Rcpt_ok', 'Relay_ok']);
  const relay = basic?.steps.at(-2)?.calls[0];
  expect(relay).toMatchObject({ ruleset: 'Relay_ok', output: 'RELAY' });
});

test('an entry of the access map', () => {
  expect(decided('access-relay')).toMatchObject({
    ruleset: 'A',
    accepted: true,
    lookup: { map: 'access', key: 'Connect:203.0.113', value: 'RELAY' },
  });
  expect(lookupsOf(traceOf('access-relay'))).toContainEqual({ map: 'access', key: 'To:elsewhere.example' });
});

test('an entry of the map of POP logins: the rule behind the lookup has no word of RELAY on its left', () => {
  expect(decided('pop')).toMatchObject({
    ruleset: 'Relay_ok',
    accepted: true,
    lookup: { map: 'drac', key: '192.0.2.1', value: '17' },
    step: expect.stringMatching(/< > \$\+$/),
  });
});

test('a rule of one’s own', () => {
  expect(decided('own-rule')).toMatchObject({ ruleset: 'Local_check_rcpt', accepted: true, step: '1: < $* $=w >' });
});

test('a class of trusted mechanisms', () => {
  expect(decided('authenticated')).toMatchObject({
    ruleset: 'Rcpt_ok',
    accepted: true,
    step: expect.stringContaining('$={TrustAuthMech}'),
  });
});

test('a refusal', () => {
  expect(decided('refused')).toMatchObject({ accepted: false, step: expect.stringContaining('< FAIL >') });
});

test('the number of a rule counts those that failed, and those that went round', () => {
  const numbers = traceOf('own-rule').steps[0]?.calls[0]?.steps.map(({ number }) => number);
  expect(numbers).toEqual([0, 1]);
  // Rcpt_ok's rule is reached after rules that are tried again until they fail.
  const rules = rulesIn(
    ['Sone', 'R$-\t$1', 'R$*\t$@ RELAY', 'O Option=x', 'R ignored', 'Stwo=3', 'Rx\ty', 'Sone', 'Rlast\tz'].join('\n'),
  );
  expect(rules.get('one')).toEqual([
    { line: 2, text: 'R$-\t$1' },
    { line: 3, text: 'R$*\t$@ RELAY' },
    { line: 9, text: 'Rlast\tz' },
  ]);
  expect(rules.get('two')).toEqual([{ line: 7, text: 'Rx\ty' }]);
});

test('a rule without $: is tried again until it fails, and keeps its number', () => {
  const call = readTrace(
    [
      'x                  input: a b c',
      '-----trying rule: $- $+',
      '-----rule matches: $2',
      'rewritten as: b c',
      '-----trying rule: $- $+',
      '-----rule matches: $2',
      'rewritten as: c',
      '-----trying rule: $- $+',
      '----- rule fails',
      '-----trying rule: c',
      '-----rule matches: $# OK',
      'rewritten as: $# OK',
      'x                returns: $# OK',
    ].join('\n'),
  );
  expect(call?.steps.map(({ number, before }) => [number, before])).toEqual([
    [0, 'a b c'],
    [0, 'b c'],
    [1, 'c'],
  ]);
});

test('where no rule answers, the ruleset’s end is a yes', () => {
  const call = readTrace(
    [
      'check_rcpt         input: a',
      '-----trying rule: $*',
      '-----rule matches: $: $1 b',
      'rewritten as: a b',
      '-----trying rule: x',
      '----- rule fails',
      'check_rcpt       returns: a b',
    ].join('\n'),
  );
  expect(call && decisionOf(call)).toMatchObject({ accepted: true, exhausted: true, step: { number: 0 } });
  expect(decided('own-rule')).not.toHaveProperty('exhausted');
});

test('no ruleset, no trace', () => {
  expect(readTrace('> Undefined ruleset check_rcpt\n')).toBeUndefined();
});

test('tokens are joined for people', () => {
  expect(joined('< v @ elsewhere . example >')).toBe('<v@elsewhere.example>');
  expect(joined('$# error $@ 5 . 7 . 1 $: "550 Relaying denied"')).toBe('$# error $@ 5.7.1 $: "550 Relaying denied"');
});
