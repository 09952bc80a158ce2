import { describe, expect, test } from 'vitest';
import { describeMessage } from './message.ts';

describe('a message', () => {
  test('has its subject and its Received fields, newest first, unfolded', () => {
    const message = [
      'Received: from a (a [198.18.0.9])',
      '\tby b (8.18.1/8.18.1) with ESMTP id 1;',
      ' Thu, 1 Jan 2026 00:00:00 GMT',
      'RECEIVED: from c by a',
      'X-Received: not one',
      'Subject: relayproof',
      ' rp0123456789abcdef',
      '',
      'Subject: in the body',
      'Received: in the body',
      '',
    ];
    for (const end of ['\r\n', '\n']) {
      expect(describeMessage(message.join(end))).toEqual({
        received: [
          'from a (a [198.18.0.9]) by b (8.18.1/8.18.1) with ESMTP id 1; Thu, 1 Jan 2026 00:00:00 GMT',
          'from c by a',
        ],
        subject: 'relayproof rp0123456789abcdef',
      });
    }
  });

  test.each(['', 'no header', '\r\n\r\nSubject: in the body', 'Subject', ': x'])('%j has neither', (message) => {
    expect(describeMessage(message)).toEqual({ received: [], subject: '' });
  });

  test('of which the header never ends is read all the same, and the first subject counts', () => {
    expect(describeMessage('Subject: one\r\nSubject: two').subject).toBe('one');
  });

  test('of a hostile peer adds no more than a bounded number of fields', () => {
    expect(describeMessage('Received: x\r\n'.repeat(10_000)).received).toHaveLength(30);
  });
});
