import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Explanation, RuleTrace } from '../audit/explain.ts';
import { readTrace } from '../containers/target/rule-trace.ts';
import type { Attempt } from '../suites/attempt.ts';
import { renderExplanation } from './explanation.ts';
import type { AttemptResult, Evidence } from './model.ts';
import { hostileTexts } from './sample-report.ts';
import { widthOf } from './terminal/layout.ts';

const trace = readTrace(readFileSync(new URL('../tests/traces/access-relay.txt', import.meta.url), 'utf8'));
if (!trace) {
  throw new Error('there is no trace');
}

const cause = {
  file: 'access',
  line: 5,
  text: 'Connect:203.0.113 RELAY',
  how: 'map entry',
  certainty: 'delta',
} as const;

const rules: RuleTrace = {
  ruleset: 'check_rcpt',
  address: '<v@elsewhere.example>',
  client: { address: '203.0.113.5', name: '', resolve: 'FAIL' },
  macros: { s: 'me.example' },
  trace,
  decided: {
    ruleset: 'A',
    accepted: true,
    rule: { line: 1035, text: 'R<?> $+\t\t$: $(access $1 $)' },
    lookup: { map: 'access', key: 'Connect:203.0.113', value: 'RELAY' },
    from: cause,
  },
};

const line = (from: 'client' | 'server', text: string) => ({ at: 0, from, text, tls: false });

const explanation = (changes: { rules?: RuleTrace; reason?: string; said?: string } = {}): Explanation => ({
  attempt: {
    id: 'open-relay/outside-sender',
    title: 'a stranger writes to outside',
    requirement: 'A server MUST NOT relay.',
    remedy: 'Remove it.',
    expected: 'block',
    level: 'must',
  } as Attempt,
  result: {
    observed: 'relayed',
    verdict: 'fail',
    reason: changes.reason ?? 'the sink received it',
    cause,
    evidence: {
      clientAddress: '203.0.113.5',
      identity: 'stranger',
      envelope: { mailFrom: '<u@outside.example>', rcptTo: ['<v@elsewhere.example>'] },
      dialogues: [
        {
          protocol: 'smtp',
          client: '203.0.113.5',
          server: '198.18.0.2:25',
          lines: [
            line('server', '250-one'),
            line('server', '250-two'),
            line('server', '250 three'),
            line('client', 'DATA'),
            line('server', '354 go'),
            line('client', 'Subject: x'),
            line('client', ''),
            line('client', '.'),
            line('server', changes.said ?? '250 taken'),
          ],
        },
      ],
    } as unknown as Evidence,
  } as AttemptResult,
  rules: changes.rules ?? rules,
});

const plain = (one: Explanation, columns = 80) => renderExplanation(one, { columns, colour: false });

describe('an explained attempt', () => {
  const text = plain(explanation());

  test('has what was tried, the session in short, the rules, and the cause with its remedy', () => {
    for (const part of ['Requirement: A server MUST NOT', 'Client: 203.0.113.5, stranger', 'Remedy: Remove it.']) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/S: 250 three {2}\[2 lines folded\]/);
    expect(text).toMatch(/C: \. {2}\[2 lines folded\]/);
    expect(text).toContain('access:5: Connect:203.0.113 RELAY (without it, the rules answer otherwise)');
  });

  test('has rulesets below each other with input and output, and maps with their answers', () => {
    expect(text).toMatch(/^ {2}check_rcpt {2}<v@elsewhere\.example>$/m);
    expect(text).toMatch(/^ {4}Basic_check_rcpt {2}<v@elsewhere\.example>$/m);
    expect(text).toMatch(/^ {6}Relay_ok {2}<v@elsewhere\.example>$/m);
    expect(text).toMatch(/\? access: Connect:203\.0\.113 → RELAY/);
    expect(text).toMatch(/\? access: \d+ keys not there, from To:elsewhere\.example on/);
    expect(text).toMatch(/= .*\[\d+ rules folded\]/);
    // What takes an address apart is folded.
    expect(text).not.toMatch(/^ +(canonify|Parse0) /m);
  });

  test('names the rule that decided, and where it comes from', () => {
    expect(text).toMatch(/Decided \(accepted\) in A, sendmail\.cf:1035: R<\?> \$\+ {2}\$:/);
    expect(text).toContain('  from access:5: Connect:203.0.113 RELAY');
  });

  test('fits the columns, with colours or without', () => {
    for (const columns of [60, 80, 132]) {
      for (const colour of [true, false]) {
        const lines = stripVTControlCharacters(renderExplanation(explanation(), { columns, colour })).split('\n');
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
      }
    }
    expect(text).not.toContain('\u001b');
  });

  test('says why there is no trace', () => {
    expect(plain(explanation({ rules: { none: 'There is none.' } }))).toMatch(/Rules\n {2}There is none\./);
  });

  test('says that who authenticated is set by a macro', () => {
    const macros = { '{auth_type}': 'PLAIN' };
    expect(plain(explanation({ rules: { ...rules, macros } }))).toContain('set by macros: $&{auth_type} = PLAIN');
  });

  test.each(Object.entries(hostileTexts))('%s stays text', (_, hostile) => {
    const text = plain(explanation({ reason: hostile, said: `250 ${hostile}` }));
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text.length).toBeLessThan(20_000);
  });
});
