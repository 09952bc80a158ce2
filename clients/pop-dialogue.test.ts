import { afterEach, describe, expect, it } from 'vitest';
import { dialDirect } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { PopDialogue } from './pop-dialogue.ts';
import { createMechanism } from './sasl/mechanisms.ts';
import { formsOf, type ScriptedPeer, startPeer } from './scripted-peer.ts';

const peers: ScriptedPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function peerThat(...script: Parameters<typeof startPeer>): Promise<ScriptedPeer> {
  const peer = await startPeer(...script);
  peers.push(peer);
  return peer;
}

const open = (peer: { port: number }, deadlineMs = 5_000) =>
  PopDialogue.open({ dial: dialDirect, from: '127.0.0.1', host: '127.0.0.1', port: peer.port, deadlineMs });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof DialogueError ? error.code : String(error)),
  );

describe('a login', () => {
  it('is a success only if PASS is answered +OK', async () => {
    const peer = await peerThat('+OK ready\r\n', (line) => {
      if (line === 'PASS right-one') return '+OK Logged in.\r\n';
      return line.startsWith('PASS') ? '-ERR [AUTH] no\r\n' : '+OK\r\n';
    });
    const dialogue = await open(peer);
    expect(await dialogue.login('alice', 'wrong-one')).toEqual({ ok: false, text: '[AUTH] no' });
    expect(await dialogue.login('alice', 'right-one')).toEqual({ ok: true, text: 'Logged in.' });
    expect(peer.received).toEqual(['USER alice', 'PASS wrong-one', 'USER alice', 'PASS right-one']);
    dialogue.abruptClose();
    expect(JSON.stringify(dialogue.transcript())).not.toMatch(/(?:wrong|right)-one/);
  });

  it('ends at USER if that is refused', async () => {
    const peer = await peerThat('+OK ready\r\n', () => '-ERR no\r\n');
    const dialogue = await open(peer);
    expect((await dialogue.login('alice', 'password')).ok).toBe(false);
    expect(peer.received).toEqual(['USER alice']);
    dialogue.abruptClose();
  });

  it('is not taken from a reply cut in two', async () => {
    const peer = await peerThat('+OK ready\r\n', (line, socket) => {
      if (line.startsWith('USER')) return '+OK\r\n';
      socket.write('-');
      setTimeout(() => socket.write('ERR no\r\n'), 20);
      return undefined;
    });
    const dialogue = await open(peer);
    expect(await dialogue.login('alice', 'password')).toEqual({ ok: false, text: 'no' });
    dialogue.abruptClose();
  });

  it.each(['554 go away\r\n', 'hello\r\n', '+OKAY\r\n', ' +OK\r\n', '\r\n', '+ \r\n'])(
    'is never taken from %j',
    async (reply) => {
      expect(await codeOf(open(await peerThat(reply)))).toBe('REPLY_MALFORMED');
      const dialogue = await open(await peerThat('+OK ready\r\n', () => reply));
      expect(await codeOf(dialogue.login('alice', 'password'))).toBe('REPLY_MALFORMED');
    },
  );

  it('with APOP gives the digest of RFC 1939 section 7', async () => {
    const peer = await peerThat('+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n', () => '+OK in\r\n');
    const dialogue = await open(peer);
    expect(await dialogue.apop('mrose', 'tanstaaf')).toEqual({ ok: true, text: 'in' });
    expect(peer.received).toEqual(['APOP mrose c4c9334bac560ecc979e58001b3e22fb']);
    expect(dialogue.transcript().lines[1]?.text).toBe('APOP mrose [masked]');
    dialogue.abruptClose();
  });

  it('with APOP needs a timestamp', async () => {
    const dialogue = await open(await peerThat('+OK ready\r\n'));
    expect(dialogue.timestamp).toBeUndefined();
    await expect(dialogue.apop('mrose', 'tanstaaf')).rejects.toThrow(TypeError);
    dialogue.abruptClose();
  });

  it('with AUTH runs over continuation lines (RFC 5034)', async () => {
    const challenge = Buffer.from('<1896.697170952@postoffice.reston.mci.net>').toString('base64');
    const peer = await peerThat('+OK ready\r\n', (line) =>
      line === 'AUTH CRAM-MD5' ? `+ ${challenge}\r\n` : line === '*' ? '-ERR cancelled\r\n' : '+OK in\r\n',
    );
    const dialogue = await open(peer);
    const tim = { user: 'tim', password: 'tanstaaftanstaaf', host: '', service: 'pop' };
    expect(await dialogue.authenticate(createMechanism('CRAM-MD5', tim))).toEqual({ ok: true, text: 'in' });
    expect(Buffer.from(peer.received[1] ?? '', 'base64').toString()).toBe('tim b913a602c7eda7a495b4e6e7334d3890');
    expect(dialogue.transcript().lines.map((line) => line.text)).toEqual([
      '+OK ready',
      'AUTH CRAM-MD5',
      '+ [masked]',
      '[masked]',
      '+OK in',
    ]);
    dialogue.abruptClose();
  });

  it('masks the password in each form that the server might repeat', async () => {
    const password = 'correct-horse';
    const peer = await peerThat('+OK ready\r\n', (line) =>
      line.startsWith('PASS') ? `-ERR not ${formsOf(password).join(' nor ')}\r\n` : '+OK\r\n',
    );
    const dialogue = await open(peer);
    const reply = await dialogue.login('alice', password);
    const everything = JSON.stringify([reply, dialogue.transcript()]);
    for (const form of formsOf(password)) expect(everything).not.toContain(form);
    expect(reply.text).toBe('not [masked] nor [masked] nor [masked] nor [masked]');
    dialogue.abruptClose();
  });
});

describe('a session', () => {
  it('reads replies of several lines and restores leading dots', async () => {
    const peer = await peerThat('+OK ready\r\n', (line) =>
      line === 'RETR 1' ? '+OK 12 octets\r\nSubject: x\r\n\r\n..dot\r\n.\r\n' : '-ERR none\r\n',
    );
    const dialogue = await open(peer);
    expect(await dialogue.multiline('RETR 1')).toEqual({
      ok: true,
      text: '12 octets',
      lines: ['Subject: x', '', '.dot'],
    });
    expect(await dialogue.multiline('RETR 2')).toEqual({ ok: false, text: 'none', lines: [] });
    dialogue.abruptClose();
  });

  it('does not take what nobody asked for as the reply to the next command', async () => {
    const dialogue = await open(await peerThat('+OK ready\r\n+OK logged in\r\n', () => '-ERR no\r\n'));
    expect(await codeOf(dialogue.send('PASS x'))).toBe('REPLY_MALFORMED');
  });

  it('does not read without end', async () => {
    const lines = await open(await peerThat('+OK ready\r\n', () => `+OK\r\n${'x\r\n'.repeat(100_002)}.\r\n`));
    expect(await codeOf(lines.multiline('RETR 1'))).toBe('REPLY_TOO_LONG');
    const long = `${'x'.repeat(60_000)}\r\n`;
    const octets = await open(await peerThat('+OK ready\r\n', () => `+OK\r\n${long.repeat(142)}.\r\n`));
    expect(await codeOf(octets.multiline('RETR 1'))).toBe('REPLY_TOO_LONG');
  });

  it('shakes hands after +OK to STLS, and only then', async () => {
    let hello: number | undefined;
    const peer = await peerThat('+OK ready\r\n', (line, socket) => {
      if (line !== 'STLS' || hello !== undefined) return undefined;
      hello = 0;
      socket.once('data', (octets) => {
        hello = octets[0];
        socket.end('-ERR no TLS here\r\n');
      });
      return '+OK begin\r\n';
    });
    expect(await codeOf((await open(peer)).stls({ servername: 'mail.example' }))).toBe('TLS_FAILED');
    // The content type of a handshake record (RFC 8446 section 5.1).
    expect(hello).toBe(22);
    const refusing = await open(await peerThat('+OK ready\r\n', () => '-ERR no\r\n'));
    expect(await refusing.stls()).toEqual({ ok: false, text: 'no' });
    expect((await refusing.send('NOOP')).ok).toBe(false);
    refusing.abruptClose();
  });

  it('has a deadline, and notices a server that leaves', async () => {
    const silent = await open(await peerThat('+OK ready\r\n'), 40);
    expect(await codeOf(silent.send('NOOP'))).toBe('REPLY_TIMEOUT');
    const leaving = await open(
      await peerThat('+OK ready\r\n', (_, socket) => {
        socket.end();
        return undefined;
      }),
    );
    expect(await codeOf(leaving.send('NOOP'))).toBe('CLOSED_BY_SERVER');
    expect(leaving.transcript().closedBy).toBe('server');
  });

  it('quits politely, or with half a QUIT and without waiting', async () => {
    const peer = await peerThat('+OK ready\r\n', () => '+OK bye\r\n');
    const polite = await open(peer);
    expect(await polite.quit()).toEqual({ ok: true, text: 'bye' });
    const rude = await open(peer);
    rude.write('QUIT');
    rude.abruptClose();
    expect(rude.transcript()).toMatchObject({ protocol: 'pop3', closedBy: 'client' });
    expect(rude.transcript().lines.at(-1)?.text).toBe('QUIT');
    expect(peer.received).toEqual(['QUIT']);
  });
});
