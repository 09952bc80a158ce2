import { describe, expect, test } from 'vitest';
import { DialogueError } from '../clients/dialogue-error.ts';
import { joinReply, parseExtensions, type SmtpReply } from '../clients/smtp-reply.ts';
import { carriedOver } from './starttls-step.ts';

/** A session in which the first reply after the handshake is this one. */
function answering(reply: SmtpReply | DialogueError) {
  const session = {
    extensions: new Map<string, string>(),
    ehlo: async () => {
      if (reply instanceof DialogueError) {
        throw reply;
      }
      session.extensions = reply.code === 250 ? parseExtensions(reply) : new Map();
      return reply;
    },
  };
  return session;
}

describe('what was sent in clear behind STARTTLS', () => {
  test('is gone where the first reply is the list that answers our EHLO', async () => {
    const list = joinReply(250, ['mail.example Hello', 'PIPELINING', 'AUTH PLAIN']);
    expect(await carriedOver(answering(list), 'client.example')).toBeUndefined();
  });

  test.each([
    ['MAIL that was taken', joinReply(250, ['2.1.0 <a@outside.example>... Sender ok'])],
    ['a command that was refused', joinReply(503, ['5.0.0 Need MAIL before RCPT'])],
  ])('was carried over where the first reply is to %s', async (_what, reply) => {
    expect(await carriedOver(answering(reply), 'client.example')).toMatchObject({
      observed: 'accepted',
      phase: 'command',
      reason: expect.stringContaining(reply.text),
    });
  });

  test('was carried over where there is a reply before we have asked for anything', async () => {
    const early = new DialogueError('REPLY_MALFORMED', 'starttls', 'not asked for: 250 2.1.0 Sender ok');
    expect(await carriedOver(answering(early), 'client.example')).toMatchObject({
      observed: 'accepted',
      reason: expect.stringContaining('250 2.1.0 Sender ok'),
    });
  });

  test('is not known where the server ends the session, or the connection breaks', async () => {
    expect(await carriedOver(answering(joinReply(421, ['4.3.2 closing'])), 'client.example')).toMatchObject({
      observed: 'deferred',
    });
    const broken = new DialogueError('CLOSED_BY_SERVER', 'greeting');
    await expect(carriedOver(answering(broken), 'client.example')).rejects.toBe(broken);
  });
});
