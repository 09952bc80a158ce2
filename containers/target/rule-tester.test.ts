import { expect, test } from 'vitest';
import { answersIn, routesIn, verdictOf } from './rule-answers.ts';
import { daemonFlags, scriptOf } from './rule-questions.ts';
import { type Question, RuleTester } from './rule-tester.ts';

const question = (changes: Partial<Question> = {}): Question => ({
  clientAddress: '203.0.113.5',
  clientName: '',
  clientResolve: 'FAIL',
  mailFrom: 'u@outside.example',
  rcptTo: 'elsewhere.example',
  ...changes,
});

test.each([
  ['RELAY', 'relay'],
  ['$# OK', 'relay'],
  ['$# RELAY', 'relay'],
  ['deferred', 'relay'],
  ['', 'relay'],
  ['$# discard $: discard', 'refused'],
  ['$# error $@ quarantine $: held', 'refused'],
  ['$# error $@ 5 . 7 . 1 $: "550 Relaying denied. IP name lookup failed " [ 203 . 0 . 113 . 5 ]', 'refused'],
  ['$# error $@ nouser $: "553 User address required"', 'refused'],
  ['$# error $: "550 no"', 'refused'],
  ['$# error $: no code at all', 'refused'],
] as const)('the result %s means %s', (result, verdict) => {
  expect(verdictOf(result)).toBe(verdict);
});

test.each([
  '$# error $@ 4 . 3 . 0 $: "451 Temporary system failure. Please try again later."',
  '$# error $@ 4 . 4 . 0 $: "450 Relaying temporarily denied. Cannot resolve PTR record for " 1 . 2 . 3 . 4',
  '$# error $@ 4 . 1 . 8 $: later',
])('a temporary refusal is neither: %s', (result) => {
  expect(verdictOf(result)).toMatchObject({ error: expect.any(String) });
});

test('macros are set as a session has them, and only where they change', () => {
  const lines = scriptOf(
    [question(), question({ clientAddress: '2001:db8:0:0:0:0:0:1', clientName: 'x.test', clientResolve: 'OK' })],
    { name: 'MSA', port: 587, family: 'inet6', address: '', modifiers: 'Ea' },
  );
  expect(lines).toContain('.D{daemon_flags}EE a');
  expect(lines).toContain('.D{client_name}[203.0.113.5]');
  expect(lines).toContain('.D{client_addr}IPv6:2001:db8:0:0:0:0:0:1');
  expect(lines).toContain('.D{client_name}x.test');
  expect(lines.filter((line) => line === '.Dfu@outside.example')).toHaveLength(1);
  expect(lines.at(-1)).toBe('check_rcpt <q1@elsewhere.example>');
  expect(daemonFlags('')).toBe('');
});

test.each(['evil.example\n.D{auth_type}PLAIN', 'a b', '\x07'])('%j is not asked', (rcptTo) => {
  expect(() => scriptOf([question({ rcptTo })], undefined)).toThrow(/cannot be asked/);
});

const output = [
  '> > > check_rcpt         input: < q0 @ elsewhere . example >',
  'check_rcpt       returns: RELAY',
  '> > check_rcpt         input: < q1 @ elsewhere . example >',
  'check_rcpt       returns: $# error $@ 5 . 7 . 1 $: "550 Relaying denied"',
  '',
].join('\n');

test('answers belong to the questions that they follow', () => {
  expect(answersIn(output, 2)).toEqual(['relay', 'refused']);
});

test('an answer that is missing is an error, never a no', () => {
  expect(() => answersIn(output, 3)).toThrow(/no answer to question 3 of 3/);
  expect(() => answersIn('', 1)).toThrow(/no answer to question 1 of 1/);
  expect(() => answersIn(output.slice(0, 150), 2)).toThrow(/no answer/);
});

test('without the ruleset, sendmail takes every recipient', () => {
  expect(answersIn('> > > Undefined ruleset check_rcpt\n', 2)).toEqual(['relay', 'relay']);
});

test('the shell’s trouble is an error', async () => {
  const shell = { run: () => Promise.resolve({ status: 1, output: 'sendmail: not found' }) };
  const tester = new RuleTester({ shell, facts: { listeners: [] } });
  await expect(tester.ask([question()])).rejects.toThrow(/no answer/);
  await expect(tester.routes(['a@b.example'])).rejects.toThrow(/routed 0 of 1/);
  await expect(tester.membersOf('w')).rejects.toThrow(/listed 0 of 1/);
});

test('routes are read, with and without a host', () => {
  const said = [
    'mailer local, user alice',
    'mailer esmtp, host [10.0.0.1], user q5@mt.example',
    'mailer *error*, host 5.7.0, user 550 no',
  ];
  expect(routesIn(said.join('\n'), 3)).toEqual([
    { mailer: 'local', host: '', user: 'alice' },
    { mailer: 'esmtp', host: '[10.0.0.1]', user: 'q5@mt.example' },
    { mailer: '*error*', host: '5.7.0', user: '550 no' },
  ]);
});
