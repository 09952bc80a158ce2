import { describe, expect, test } from 'vitest';
import { missingTrace } from './traces.ts';

const left = {
  received:
    'from client.example (client.example [198.18.64.2]) (authenticated bits=0) by mail.hosting.example (8.18.1/8.18.1) ' +
    'with ESMTPSA id 6AMI for <v@elsewhere.example>; Sun, 22 Nov 2026 18:00:00 GMT',
  log: ['sendmail[1]: AUTH=server, relay=client.example [198.18.64.2], authid=alice, mech=PLAIN, bits=0'],
  fill: (template: string) => template.replace('{account}', 'alice'),
};

describe('the traces of a message', () => {
  test('are there where nothing is asked for, and where what is asked for is there', () => {
    expect(missingTrace({}, { ...left, received: undefined, log: [] })).toBeUndefined();
    expect(missingTrace({ receivedWith: 'ESMTPSA', logged: 'authid={account}, mech=PLAIN' }, left)).toBeUndefined();
  });

  test.each(['ESMTP', 'ESMTPA', 'ESMTPS'] as const)('are missing where the field has a longer word than %s', (word) => {
    expect(missingTrace({ receivedWith: word }, left)).toContain(`"with ${word}"`);
  });

  test('are missing where the field does not say how, or is not there', () => {
    const mute = { ...left, received: 'by mail.hosting.example id 6AMI' };
    expect(missingTrace({ receivedWith: 'ESMTPA' }, mute)).toContain('by mail.hosting.example id 6AMI');
    expect(missingTrace({ receivedWith: 'ESMTPA' }, { ...left, received: undefined })).toContain('there is none');
  });

  test('are missing where the log names another user', () => {
    expect(missingTrace({ logged: 'authid=bob, ' }, left)).toContain('no line of the log says "authid=bob, "');
  });
});
