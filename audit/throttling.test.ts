import { describe, expect, test } from 'vitest';
import { DialogueError } from '../clients/dialogue-error.ts';
import type { Outcome } from '../reports/verdict.ts';
import { limitOf, ThrottleWatch } from './throttling.ts';

const reply = (code: number, reason: string): Outcome => ({ observed: 'deferred', phase: 'connect', reason, code });
const trouble = (code: ConstructorParameters<typeof DialogueError>[0]): Outcome => ({
  observed: 'error',
  phase: 'rcpt',
  reason: new DialogueError(code, 'rcpt').message,
});
const refusal: Outcome = { observed: 'refused', phase: 'rcpt', reason: '550 5.7.1 Relaying denied', code: 550 };

describe('a limit', () => {
  test.each([
    ['sendmail’s ratecontrol', reply(421, '421 4.3.2 Connection rate limit exceeded.'), 'throttles'],
    ['sendmail’s conncontrol', reply(421, '421 4.3.2 Too many open connections.'), 'throttles'],
    ['bad commands', reply(421, '421 4.7.0 mail.example Too many bad commands; closing connection'), 'throttles'],
    ['a tarpit', trouble('REPLY_TIMEOUT'), 'tarpit'],
    ['a connection that is cut', trouble('CLOSED_BY_SERVER'), 'turns clients away'],
    ['a port that is closed for a while', trouble('CONNECT_REFUSED'), 'turns clients away'],
  ])('is %s', (_what, outcome, words) => {
    expect(limitOf(outcome)).toContain(words);
    expect(limitOf(outcome)).toContain(outcome.reason);
  });

  test.each([
    ['a refusal', refusal],
    ['a name that cannot be looked up for now', reply(450, '450 4.4.0 Relaying temporarily denied.')],
    ['a bare line feed', reply(421, '421 4.5.0 Bare linefeed (LF) not allowed')],
    ['words of a limit in a lasting refusal', { ...refusal, reason: '550 too many' }],
    ['a reply that makes no sense', trouble('REPLY_MALFORMED')],
  ])('is not %s', (_what, outcome) => {
    expect(limitOf(outcome)).toBeUndefined();
  });
});

describe('the rest is given up', () => {
  const limit = reply(421, '421 4.3.2 Connection rate limit exceeded.');

  test('after a dozen limits in a row, for what the server said', () => {
    const watch = new ThrottleWatch();
    for (let count = 0; count < 11; count++) {
      watch.note(limit);
    }
    expect(watch.reason).toBeUndefined();
    watch.note(limit);
    expect(watch.reason).toContain('Connection rate limit exceeded');
    watch.note(refusal);
    expect(watch.reason).toBeDefined();
  });

  test('not where answers come in between', () => {
    const watch = new ThrottleWatch();
    for (let count = 0; count < 40; count++) {
      watch.note(count % 12 === 11 ? refusal : limit);
    }
    expect(watch.reason).toBeUndefined();
  });
});
