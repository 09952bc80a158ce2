import { describe, expect, test } from 'vitest';
import { joinReply } from '../clients/smtp-reply.ts';
import { deniesRelaying, outcomeOfReply } from './outcome.ts';

const reply = (text: string) => {
  const lines = text.split('\n');
  return joinReply(
    Number(text.slice(0, 3)),
    lines.map((line) => line.slice(4)),
  );
};

describe('a refusal to relay', () => {
  test.each([
    '550 5.7.1 <u@elsewhere.example>... Relaying denied',
    '550 5.7.1 <u@elsewhere.example>... Relaying denied. Proper authentication required.',
    '550 Relaying denied',
    '553 sorry, that domain isn’t in my list of allowed relay hosts',
    '554 5.7.1 Relay access denied',
    '530 5.7.0 Authentication required',
    '530 Authentication required',
    '535 5.7.8 authentication failed',
    '535 authentication failed',
    '550 5.7.13 account disabled',
    '550-5.7.1 first\n550 5.7.1 second',
  ])('is %s', (text) => {
    expect(deniesRelaying(reply(text))).toBe(true);
    expect(outcomeOfReply(reply(text), 'rcpt')).toMatchObject({ observed: 'refused', phase: 'rcpt' });
  });

  test.each([
    '550 5.1.1 <u@elsewhere.example>... User unknown',
    '553 5.1.3 <u@a@b>... Invalid route address',
    '553 5.1.8 <u@outside.example>... Domain of sender address does not exist',
    '501 5.5.4 Invalid domain name',
    '552 5.2.3 Message too large',
    '554 Transaction failed',
    '550 5.70.1 not the class 5.7',
    '571 15.7.1 no',
  ])('is not %s', (text) => {
    expect(deniesRelaying(reply(text))).toBe(false);
    expect(outcomeOfReply(reply(text), 'mail')).toMatchObject({ observed: 'rejected', phase: 'mail' });
  });
});

describe('a reply that is not the wanted one', () => {
  test.each([
    '450 4.7.1 Relaying temporarily denied. Cannot resolve PTR',
    '421 4.7.0 closing',
    '452 full',
    '454 4.7.1 Relay',
  ])('is deferred, whatever it says: %s', (text) => {
    expect(outcomeOfReply(reply(text), 'rcpt').observed).toBe('deferred');
  });

  test.each(['250 2.1.0 ok', '354 go on', '220 ready', '334 more'])('is an error where it is none: %s', (text) => {
    const outcome = outcomeOfReply(reply(text), 'data');
    expect(outcome).toMatchObject({ observed: 'error', phase: 'data' });
    expect(outcome.reason).toContain(text);
  });

  test('keeps its words and its enhanced status', () => {
    expect(outcomeOfReply(reply('550-5.7.1 no\n550 5.7.1 never'), 'rcpt')).toEqual({
      observed: 'refused',
      phase: 'rcpt',
      reason: '550 5.7.1 no 5.7.1 never',
      enhanced: '5.7.1',
      code: 550,
    });
    expect(outcomeOfReply(reply('550 no'), 'rcpt')).not.toHaveProperty('enhanced');
  });
});

test('a host whose name is about relays says nothing about relaying', () => {
  const text = '553 5.1.8 <u@relay.isp.example>... Domain of sender address u@relay.isp.example does not exist';
  expect(deniesRelaying(reply(text))).toBe(false);
  expect(deniesRelaying(reply('553 u@relay.isp.example: no such domain'))).toBe(false);
});
