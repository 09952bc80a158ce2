import { describe, expect, test } from 'vitest';
import type { DialogueLine } from '../../reports/model.ts';
import type { ProgramRun } from '../../suites/scene.ts';
import { answersOf, type Ending, outcomeOfSession } from './program-outcome.ts';

/** A session, a line each: what the client says behind `> `. */
const session = (...said: string[]): { lines: DialogueLine[] } => ({
  lines: said.map((text) => ({
    at: 0,
    from: text.startsWith('> ') ? 'client' : 'server',
    text: text.replace(/^> /, ''),
    tls: false,
  })),
});
const run: ProgramRun = { program: 'curl', tls: 'none', auth: 'own-choice' };
const ending = (changes: Partial<Ending> = {}): Ending => ({
  run,
  port: 25,
  listens: true,
  status: 1,
  words: 'curl: (67) no',
  ...changes,
});
const greeted = ['220 x', '> EHLO me', '250-x', '250-STARTTLS', '250 AUTH PLAIN'];

describe('the replies of a session', () => {
  const inBrief = (...said: string[]) =>
    answersOf(session(...said)).map(({ phase, reply }) => `${phase} ${reply.code}`);

  test('answer the commands in their order', () => {
    expect(inBrief(...greeted, '> MAIL FROM:<a@b>', '250 ok', '> RCPT TO:<c@d>', '550 no')).toEqual([
      ...['connect 220', 'greeting 250', 'mail 250', 'rcpt 550'],
    ]);
  });

  test('answer commands that go out together', () => {
    const pipelined = ['> MAIL FROM:<a@b>', '> RCPT TO:<c@d>', '> DATA', '250 ok', '550 no', '503 need RCPT'];
    expect(inBrief(...greeted, ...pipelined).slice(2)).toEqual(['mail 250', 'rcpt 550', 'data 503']);
  });

  test('belong to AUTH as long as that takes', () => {
    const exchange = ['> AUTH LOGIN', '334 x', '> [masked]', '334 x', '> [masked]', '535 no'];
    expect(inBrief(...greeted, ...exchange).slice(2)).toEqual(['auth 334', 'auth 334', 'auth 535']);
  });

  test('to the message come after it, whatever of it is shown', () => {
    const data = ['> DATA', '354 go', '> MAIL is what this message says', '> .', '250 taken', '> QUIT', '221 bye'];
    expect(inBrief('220 x', ...data)).toEqual(['connect 220', 'data 354', 'end-of-data 250', 'command 221']);
  });
});

describe('a session ends', () => {
  test('with a message that was taken', () => {
    const taken = session(...greeted, '> DATA', '354 go', '250 2.0.0 6AN1 Message accepted for delivery');
    expect(outcomeOfSession(taken, ending({ status: 0 }))).toEqual({
      observed: 'accepted',
      phase: 'end-of-data',
      reason: '250 2.0.0 6AN1 Message accepted for delivery',
      code: 250,
    });
  });

  test('with what was refused in the envelope, not with what comes of it', () => {
    const said = session(
      ...greeted,
      '> MAIL FROM:<a@b>',
      '> RCPT TO:<c@d>',
      '> DATA',
      '250 ok',
      '550 5.7.1 no',
      '503 x',
    );
    expect(outcomeOfSession(said, ending())).toMatchObject({ observed: 'refused', phase: 'rcpt', code: 550 });
  });

  test('with the last login that was refused', () => {
    const said = session(...greeted, '> AUTH PLAIN [masked]', '535 5.7.0 authentication failed');
    expect(outcomeOfSession(said, ending())).toMatchObject({ observed: 'refused', phase: 'auth', code: 535 });
  });

  test.each<[string, string[], Partial<Ending>, object]>([
    [
      'where AUTH would come',
      greeted,
      {},
      { observed: 'rejected', phase: 'auth', reason: 'the program leaves: curl: (67) no' },
    ],
    [
      'where STARTTLS is due and not listed',
      ['220 x', '> EHLO me', '250 x'],
      { run: { ...run, tls: 'required' } },
      { observed: 'rejected', phase: 'starttls', reason: 'STARTTLS is not offered; curl: (67) no' },
    ],
    [
      'in the handshake',
      [...greeted, '> STARTTLS', '220 go'],
      { run: { ...run, tls: 'required' } },
      { observed: 'rejected', phase: 'starttls', reason: 'the TLS handshake failed: curl: (67) no' },
    ],
    [
      'after the handshake, where AUTH would come',
      [...greeted, '> STARTTLS', '220 go', '> EHLO me', '250 AUTH GSSAPI'],
      { run: { ...run, tls: 'required' } },
      { observed: 'rejected', phase: 'auth' },
    ],
    [
      'in the handshake on a port of its own',
      [],
      { run: { ...run, tls: 'from-the-first-octet' } },
      { observed: 'rejected', phase: 'starttls' },
    ],
    [
      'at a port that nobody listens on',
      [],
      { run: { ...run, tls: 'from-the-first-octet' }, listens: false, port: 465 },
      { observed: 'rejected', phase: 'connect', reason: 'nothing listens on port 465' },
    ],
    ['before it began, which says nothing of the target', [], {}, { observed: 'error', phase: 'connect' }],
    ['by force', greeted, { status: undefined }, { observed: 'error', phase: 'greeting' }],
  ])('%s', (_where, said, changes, outcome) => {
    expect(outcomeOfSession(session(...said), ending(changes))).toMatchObject(outcome);
  });
});
