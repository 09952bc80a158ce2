import { afterEach, describe, expect, it, vi } from 'vitest';
import { dialDirect } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { createMechanism } from './sasl/mechanisms.ts';
import { type ScriptedPeer, startPeer } from './scripted-peer.ts';
import { secret } from './secret.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';

const peers: ScriptedPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function peerThat(...script: Parameters<typeof startPeer>): Promise<ScriptedPeer> {
  const peer = await startPeer(...script);
  peers.push(peer);
  return peer;
}

const open = (peer: { port: number }, extra: { deadlineMs?: number; signal?: AbortSignal } = {}) =>
  SmtpDialogue.open({ dial: dialDirect, from: '127.0.0.1', host: '127.0.0.1', port: peer.port, ...extra });

async function failureOf(promise: Promise<unknown>): Promise<DialogueError> {
  const outcome = await promise.then(
    () => new Error('no failure'),
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(DialogueError);
  return outcome as DialogueError;
}

describe('opening', () => {
  it('reads the greeting, also of several lines and of a server that says no', async () => {
    const peer = await peerThat('554-5.7.1 not you\r\n554 5.7.1 go away\r\n');
    const dialogue = await open(peer);
    expect(dialogue.banner).toEqual({
      code: 554,
      enhanced: '5.7.1',
      lines: ['5.7.1 not you', '5.7.1 go away'],
      text: '554 5.7.1 not you 5.7.1 go away',
    });
    dialogue.abruptClose();
  });

  it('can speak before its turn, and reads what is answered in its order', async () => {
    const peer = await peerThat('220 hi\r\n', (line) => (line.startsWith('EHLO') ? '554 wait\r\n' : '221 bye\r\n'));
    const options = { dial: dialDirect, from: '127.0.0.1', host: '127.0.0.1', port: peer.port };
    const dialogue = await SmtpDialogue.open(options, Buffer.from('EHLO early\r\n'));
    expect(dialogue.banner.code).toBe(220);
    expect((await dialogue.readReply()).code).toBe(554);
    await dialogue.quit();
    expect(dialogue.transcript().lines.map(({ text }) => text)).toEqual([
      'EHLO early',
      '220 hi',
      '554 wait',
      'QUIT',
      '221 bye',
    ]);
  });

  it('reports a refusal with an empty dialogue', async () => {
    const peer = await startPeer('220 hi\r\n');
    await peer.close();
    const failure = await failureOf(open(peer));
    expect(failure.code).toBe('CONNECT_REFUSED');
    expect(failure.dialogue).toMatchObject({ client: '127.0.0.1', closedBy: 'error', lines: [] });
  });

  it('reports a server that says nothing, after the deadline', async () => {
    const failure = await failureOf(open(await peerThat(undefined), { deadlineMs: 40 }));
    expect([failure.code, failure.phase, failure.dialogue?.closedBy]).toEqual(['REPLY_TIMEOUT', 'connect', 'deadline']);
  });

  it('reports a server that closes without a greeting', async () => {
    const peer = await peerThat('22', () => undefined);
    const opening = failureOf(open(peer));
    setTimeout(() => void peer.close(), 20);
    peers.length = 0;
    const failure = await opening;
    expect(failure.code).toBe('CLOSED_BY_SERVER');
    expect(failure.dialogue?.lines.map((line) => line.text)).toEqual(['22 [no line end]']);
  });

  it('can be aborted before and while it waits', async () => {
    const peer = await peerThat(undefined);
    expect((await failureOf(open(peer, { signal: AbortSignal.abort() }))).code).toBe('ABORTED');
    const controller = new AbortController();
    const opening = failureOf(open(peer, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    const failure = await opening;
    expect([failure.code, failure.dialogue?.closedBy]).toEqual(['ABORTED', 'client']);
  });
});

describe('replies', () => {
  it('are read whole however they are cut up, with CRLF or LF', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      const octets = Buffer.from(
        '250-mail.example\r\n250-PIPELINING\n250-AUTH PLAIN LOGIN\r\n250-AUTH=LOGIN\r\n250 size 100\r\n',
      );
      let sent = 0;
      const drip = () => {
        socket.write(octets.subarray(sent, sent + 7));
        sent += 7;
        if (sent < octets.length) setImmediate(drip);
      };
      drip();
      return undefined;
    });
    const dialogue = await open(peer);
    const reply = await dialogue.ehlo('client.example');
    expect(reply.code).toBe(250);
    expect([...dialogue.extensions]).toEqual([
      ['PIPELINING', ''],
      ['AUTH', 'PLAIN LOGIN'],
      ['AUTH=', 'LOGIN'],
      ['SIZE', '100'],
    ]);
    dialogue.abruptClose();
  });

  it('take a code without text', async () => {
    const dialogue = await open(await peerThat('220\r\n', () => '250\r\n'));
    expect(await dialogue.send('NOOP')).toEqual({ code: 250, lines: [''], text: '250' });
    dialogue.abruptClose();
  });

  it.each([
    ['no code at all', 'hello\r\n'],
    ['a code of two digits', '25 ok\r\n'],
    ['a code that SMTP does not have', '150 ok\r\n'],
    ['a code glued to its text', '250ok\r\n'],
    ['two codes in one reply', '250-one\r\n550 two\r\n'],
    ['an empty line', '\r\n'],
  ])('are refused for %s', async (_, reply) => {
    const dialogue = await open(await peerThat('220 hi\r\n', () => reply));
    const failure = await failureOf(dialogue.send('MAIL FROM:<a@b.example>'));
    expect([failure.code, failure.phase, failure.dialogue?.closedBy]).toEqual(['REPLY_MALFORMED', 'mail', 'error']);
    expect((await failureOf(dialogue.send('NOOP'))).code).toBe('REPLY_MALFORMED');
  });

  it('are refused although the server has left since', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      socket.end('250 ok\r\nnonsense\r\n');
      return undefined;
    });
    const dialogue = await open(peer);
    await dialogue.send('NOOP');
    await vi.waitFor(() => expect(dialogue.transcript().closedBy).toBe('server'));
    expect((await failureOf(dialogue.send('NOOP'))).code).toBe('REPLY_MALFORMED');
  });

  it('are refused if they have no end', async () => {
    const lines = await open(await peerThat('220 hi\r\n', () => '250-\r\n'.repeat(300)));
    expect((await failureOf(lines.send('NOOP'))).code).toBe('REPLY_TOO_LONG');
    const octets = await open(await peerThat('220 hi\r\n', () => `250-${'x'.repeat(1_000)}\r\n`.repeat(100)));
    expect((await failureOf(octets.send('NOOP'))).code).toBe('REPLY_TOO_LONG');
    const flood = await open(await peerThat('220 hi\r\n', () => '250-more\r\n'.repeat(500_000)));
    expect((await failureOf(flood.send('NOOP'))).code).toBe('REPLY_TOO_LONG');
    const line = await open(await peerThat('220 hi\r\n', () => `250 ${'x'.repeat(200_000)}`));
    const failure = await failureOf(line.send('NOOP'));
    expect(failure.code).toBe('REPLY_TOO_LONG');
    expect(JSON.stringify(failure.dialogue).length).toBeLessThan(5_000);
  });

  it('must be complete by the deadline, however busy the server looks', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      const timer = setInterval(() => socket.write('250-still here\r\n'), 10);
      socket.on('close', () => clearInterval(timer));
      return undefined;
    });
    const dialogue = await open(peer, { deadlineMs: 100 });
    expect((await failureOf(dialogue.send('NOOP'))).code).toBe('REPLY_TIMEOUT');
    expect(dialogue.transcript().closedBy).toBe('deadline');
  });

  it('wait where the peer sends more than anybody reads, and none is lost', async () => {
    const replies = Array.from({ length: 20_000 }, (_, index) => `250 ${index} ${'x'.repeat(80)}\r\n`);
    const peer = await peerThat('220 hi\r\n', () => replies.join(''));
    const dialogue = await open(peer, { deadlineMs: 1_000 });
    dialogue.write('FLOOD\r\n');
    await vi.waitFor(() => expect(dialogue.transcript().lines.length).toBe(500));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const [index] of replies.entries()) {
      expect((await dialogue.readReply()).lines[0]?.split(' ')[0]).toBe(String(index));
    }
    dialogue.abruptClose();
  });

  it('that nobody asked for end the session instead of passing for the next one', async () => {
    const dialogue = await open(
      await peerThat('220 hi\r\n', (line) => (line === 'NOOP' ? '250 ok\r\n250 yours\r\n' : '550 no\r\n')),
    );
    await dialogue.send('NOOP');
    const failure = await failureOf(dialogue.send('RCPT TO:<a@b.example>'));
    expect([failure.code, failure.message]).toEqual(['REPLY_MALFORMED', expect.stringContaining('250 yours')]);
  });

  it('count if the server says 421 in between, and nothing more is sent', async () => {
    const peer = await peerThat('220 hi\r\n', () => '250 ok\r\n421 4.3.2 shutting down\r\n');
    const dialogue = await open(peer);
    await dialogue.send('NOOP');
    expect((await dialogue.send('MAIL FROM:<a@b.example>')).code).toBe(421);
    await dialogue.close();
    expect(peer.received).toEqual(['NOOP']);
  });

  it('that are complete count although the server has left', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      socket.end('250 ok\r\n421 4.3.2 shutting down\r\n');
      return undefined;
    });
    const dialogue = await open(peer);
    await dialogue.send('NOOP');
    await vi.waitFor(() => expect(dialogue.transcript().closedBy).toBe('server'));
    expect((await dialogue.send('MAIL FROM:<a@b.example>')).code).toBe(421);
    expect((await failureOf(dialogue.send('NOOP'))).code).toBe('CLOSED_BY_SERVER');
  });
});

describe('sending', () => {
  it('never sends two lines as one command', async () => {
    const dialogue = await open(await peerThat('220 hi\r\n'));
    await expect(dialogue.send('NOOP\r\nNOOP')).rejects.toThrow(TypeError);
    await expect(dialogue.pipeline(['NOOP', 'NOOP\nNOOP'])).rejects.toThrow(TypeError);
    dialogue.abruptClose();
  });

  it('stuffs dots and normalises line ends', async () => {
    const peer = await peerThat('220 hi\r\n', (line) => (line === '.' ? '250 2.0.0 queued\r\n' : undefined));
    const dialogue = await open(peer);
    expect(await dialogue.data('Subject: x\n\n.hidden\r.\r\n..\nend')).toMatchObject({ code: 250, enhanced: '2.0.0' });
    expect(peer.received).toEqual(['Subject: x', '', '..hidden', '..', '...', 'end', '.']);
    expect(dialogue.phase).toBe('end-of-data');
    dialogue.abruptClose();
  });

  it('shows the beginning of a long message and how much is hidden', async () => {
    const peer = await peerThat('220 hi\r\n', (line) => (line === '.' ? '250 ok\r\n' : undefined));
    const dialogue = await open(peer);
    await dialogue.data('line\n'.repeat(100));
    const shown = dialogue.transcript().lines.map((line) => line.text);
    expect(peer.received).toHaveLength(101);
    expect(shown.slice(-3)).toEqual(['[40 more lines of the message]', '.', '250 ok']);
    dialogue.abruptClose();
  });

  it('sends several commands in one packet, each with a reply of its own', async () => {
    const peer = await peerThat('220 hi\r\n', (line) => (line.startsWith('RCPT') ? '550 5.7.1 no\r\n' : '250 ok\r\n'));
    const dialogue = await open(peer);
    const replies = await dialogue.pipeline(['MAIL FROM:<>', 'RCPT TO:<a@b.example>', 'RSET']);
    expect(replies.map((reply) => reply.code)).toEqual([250, 550, 250]);
    dialogue.abruptClose();
  });

  it('sends raw octets as they are and shows their line ends', async () => {
    const peer = await peerThat('220 hi\r\n', () => '250 ok\r\n');
    const dialogue = await open(peer);
    dialogue.write('a\n.\nb\r\n');
    await dialogue.readReply();
    expect(peer.received).toEqual(['a\n.\nb']);
    expect(dialogue.transcript().lines[1]?.text).toBe('a\\n.\\nb');
    dialogue.abruptClose();
  });

  it('quits, and the end is the client’s', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      socket.end('221 bye\r\n');
      return undefined;
    });
    const dialogue = await open(peer);
    expect((await dialogue.quit()).code).toBe(221);
    expect(dialogue.transcript().closedBy).toBe('client');
    await failureOf(dialogue.send('NOOP'));
  });

  it('counts an end after QUIT as the client’s, although the server owes the reply', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      socket.end();
      return undefined;
    });
    const dialogue = await open(peer);
    expect((await failureOf(dialogue.quit())).code).toBe('CLOSED_BY_SERVER');
    expect(dialogue.transcript().closedBy).toBe('client');
  });

  it('reports the command during which the server left', async () => {
    const peer = await peerThat('220 hi\r\n', (_, socket) => {
      socket.resetAndDestroy();
      return undefined;
    });
    const failure = await failureOf((await open(peer)).send('RCPT TO:<a@b.example>'));
    expect([failure.code, failure.phase, failure.dialogue?.closedBy]).toEqual(['CLOSED_BY_SERVER', 'rcpt', 'server']);
    expect(failure.dialogue?.lines.at(-1)?.text).toBe('RCPT TO:<a@b.example>');
  });
});

describe('AUTH', () => {
  const alice = { user: 'alice', password: 'correct-horse', host: 'mail.example', service: 'smtp' };

  it('sends an initial response, and holds it back on request', async () => {
    const peer = await peerThat('220 hi\r\n', (line) => (line === 'AUTH PLAIN' ? '334 \r\n' : '235 2.7.0 ok\r\n'));
    const dialogue = await open(peer);
    const payload = Buffer.from('\0alice\0correct-horse').toString('base64');
    expect((await dialogue.authenticate(createMechanism('PLAIN', alice))).code).toBe(235);
    await dialogue.authenticate(createMechanism('PLAIN', alice), { initialResponse: false });
    expect(peer.received).toEqual([`AUTH PLAIN ${payload}`, 'AUTH PLAIN', payload]);
    dialogue.abruptClose();
  });

  it('sends an initial response of no octets as =', async () => {
    const peer = await peerThat('220 hi\r\n', () => '535 5.7.8 no\r\n');
    const dialogue = await open(peer);
    expect(await dialogue.authenticate(createMechanism('EXTERNAL', { ...alice, user: '' }))).toMatchObject({
      code: 535,
    });
    expect(peer.received).toEqual(['AUTH EXTERNAL =']);
    dialogue.abruptClose();
  });

  it.each([
    ['not base64', '334 ???\r\n', 'not base64'],
    ['more than the mechanism knows', '334 AAAA\r\n', 'third prompt'],
  ])('is cancelled if the challenge is %s', async (_, challenge, problem) => {
    const peer = await peerThat('220 hi\r\n', (line) => (line === '*' ? '501 5.0.0 aborted\r\n' : challenge));
    const dialogue = await open(peer);
    const reply = await dialogue.authenticate(createMechanism('LOGIN', alice));
    expect(reply).toMatchObject({ code: 501, fault: expect.stringContaining(problem) });
    expect(peer.received.at(-1)).toBe('*');
    dialogue.abruptClose();
  });

  it('is cancelled if the challenges have no end, even for a mechanism that answers them all', async () => {
    const peer = await peerThat('220 hi\r\n', (line) => (line === '*' ? '501 5.0.0 aborted\r\n' : '334 \r\n'));
    const dialogue = await open(peer);
    const reply = await dialogue.authenticate({ name: 'PATIENT', respond: () => Buffer.alloc(0), secrets: [] });
    expect(reply).toMatchObject({ code: 501, fault: expect.stringContaining('more than 10 challenges') });
    dialogue.abruptClose();
  });

  it('tells a success that the server did not prove', async () => {
    const peer = await peerThat('220 hi\r\n', () => '235 2.0.0 OK\r\n');
    const dialogue = await open(peer);
    const reply = await dialogue.authenticate(createMechanism('SCRAM-SHA-256', alice));
    expect(reply).toMatchObject({ code: 235, fault: expect.stringContaining('did not prove') });
    dialogue.abruptClose();
  });

  it('masks what the server echoes, in the reply and in the error too', async () => {
    const payload = Buffer.from('correct-horse').toString('base64');
    const peer = await peerThat('220 hi\r\n', (line) =>
      line === 'NOOP' ? 'what about correct-horse?\r\n' : `501 5.5.4 cannot BASE64 decode '${line}'\r\n`,
    );
    const dialogue = await open(peer);
    const reply = await dialogue.send(secret(payload, '[masked]'));
    dialogue.write(secret('X correct-horse\r\n', 'X [masked]'));
    const second = await dialogue.readReply();
    const failure = await failureOf(dialogue.send('NOOP'));
    const everything = JSON.stringify([reply, second, failure.message, failure.dialogue]);
    expect(reply.text).toBe("501 5.5.4 cannot BASE64 decode '[masked]'");
    expect(everything).not.toContain('correct-horse');
    expect(everything).not.toContain(payload.slice(0, 10));
  });
});
