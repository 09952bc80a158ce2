import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { dialDirect } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { type Submission, SubmissionError, submitMessage } from './mail-submission.ts';
import { createMechanism } from './sasl/mechanisms.ts';
import { formsOf, type ScriptedPeer, startPeer } from './scripted-peer.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';

const password = 'correct-horse';
const servers: SMTPServer[] = [];
const peers: ScriptedPeer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(resolve));
  for (const peer of peers.splice(0)) await peer.close();
});

type Seen = { from: string; body: string; user: unknown; secure: boolean };

async function startServer(options: SMTPServerOptions = {}): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    onAuth(auth, _, callback) {
      const right = auth.method === 'CRAM-MD5' ? auth.validatePassword(password) : auth.password === password;
      if (auth.username === 'alice' && right) callback(null, { user: auth.username });
      else callback(new Error('authentication failed'));
    },
    onRcptTo(address, _, callback) {
      if (address.address.startsWith('nobody'))
        callback(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }));
      else callback();
    },
    onData(stream, session, callback) {
      let body = '';
      stream.on('data', (chunk) => {
        body += String(chunk);
      });
      stream.on('end', () => {
        seen.push({ from: session.remoteAddress, body, user: session.user, secure: session.secure });
        callback(null, '2.0.0 queued as 1');
      });
    },
    ...options,
  });
  server.on('error', () => {});
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return { port: (server.server.address() as AddressInfo).port, seen };
}

const submission = (port: number, extra: Partial<Submission> = {}): Submission => ({
  dial: dialDirect,
  from: '127.0.0.9',
  host: '127.0.0.1',
  port,
  tls: 'none',
  envelope: { from: 'alice@ours.example', to: ['bob@far.example'] },
  message: 'Subject: token-1\r\n\r\n.a line with a dot\r\n',
  deadlineMs: 5_000,
  ...extra,
});

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('submitting with nodemailer', () => {
  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'] as const)(
    'logs in with %s over STARTTLS, and shows no secret',
    async (mechanism) => {
      const { port, seen } = await startServer();
      const outcome = await submitMessage(
        submission(port, { tls: 'starttls', auth: { user: 'alice', password, mechanism } }),
      );
      expect(outcome).toMatchObject({ response: '250 2.0.0 queued as 1', accepted: ['bob@far.example'], rejected: [] });
      expect(seen).toEqual([
        { from: '127.0.0.9', body: 'Subject: token-1\r\n\r\n.a line with a dot\r\n', user: 'alice', secure: true },
      ]);
      const { dialogue } = outcome;
      expect(dialogue).toMatchObject({ protocol: 'smtp', client: '127.0.0.9', closedBy: 'client' });
      const texts = dialogue.lines.map(({ from, text, tls }) => `${tls ? '*' : ''}${from[0]}: ${text}`);
      expect(texts[0]).toMatch(/^s: 220 /);
      expect(texts).toEqual(expect.arrayContaining(['c: EHLO [127.0.0.9]', 'c: STARTTLS', '*c: EHLO [127.0.0.9]']));
      expect(texts).toContain(mechanism === 'PLAIN' ? '*c: AUTH PLAIN [masked]' : `*c: AUTH ${mechanism}`);
      for (const form of formsOf(password)) expect(JSON.stringify(dialogue)).not.toContain(form);
    },
  );

  it('keeps to clear text where it is told to', async () => {
    const { port, seen } = await startServer();
    await submitMessage(submission(port, { auth: { user: 'alice', password } }));
    expect(seen[0]).toMatchObject({ user: 'alice', secure: false });
  });

  it('checks the certificate if it knows the authority', async () => {
    const { port, seen } = await startServer();
    const ca = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
    const failure = await failureOf(submitMessage(submission(port, { tls: 'starttls', ca })));
    expect(failure).toBeInstanceOf(SubmissionError);
    expect(seen).toEqual([]);
  });

  it('fails where the password is wrong, with code and response', async () => {
    const { port } = await startServer();
    const failure = await failureOf(
      submitMessage(submission(port, { auth: { user: 'alice', password: 'wrong-horse' } })),
    );
    expect(failure).toMatchObject({ name: 'SubmissionError', code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' });
    for (const form of formsOf('wrong-horse')) expect(JSON.stringify(failure)).not.toContain(form);
    expect((failure as SubmissionError).dialogue.lines.at(-1)?.text).toMatch(/^535 /);
  });

  it('never sends without a login that it was asked for', async () => {
    const { port, seen } = await startServer({ disabledCommands: ['AUTH'] });
    expect(await failureOf(submitMessage(submission(port, { auth: { user: 'alice', password } })))).toMatchObject({
      code: 'EAUTH',
    });
    expect(seen).toEqual([]);
  });

  it('fails without STARTTLS where it is required', async () => {
    const { port, seen } = await startServer({ disabledCommands: ['STARTTLS'] });
    expect(await failureOf(submitMessage(submission(port, { tls: 'starttls' })))).toBeInstanceOf(SubmissionError);
    expect(seen).toEqual([]);
  });

  it('keeps the refusal of a recipient', async () => {
    const { port } = await startServer();
    const envelope = { from: 'alice@ours.example', to: ['nobody@far.example'] };
    const failure = await failureOf(submitMessage(submission(port, { envelope })));
    expect(failure).toMatchObject({ code: 'EENVELOPE', responseCode: 550, response: expect.stringContaining('5.1.1') });
    const both = { from: 'alice@ours.example', to: ['bob@far.example', 'nobody@far.example'] };
    expect(await submitMessage(submission(port, { envelope: both }))).toMatchObject({
      rejected: ['nobody@far.example'],
    });
  });

  it('gives up on a silent server, on one that leaves, and on one that is not there', async () => {
    const silent = await startPeer(undefined);
    const leaving = await startPeer('220 hi\r\n', (_, socket) => {
      socket.end();
      return undefined;
    });
    peers.push(silent, leaving);
    const timeout = await failureOf(submitMessage(submission(silent.port, { deadlineMs: 60 })));
    expect(timeout).toMatchObject({ code: 'ETIMEDOUT', dialogue: { closedBy: 'deadline' } });
    const mute = await startPeer('220 hi\r\n');
    peers.unshift(mute);
    const muted = await failureOf(submitMessage(submission(mute.port, { deadlineMs: 60 })));
    expect(muted).toMatchObject({ code: 'ETIMEDOUT', command: 'CONN' });
    const left = await failureOf(submitMessage(submission(leaving.port)));
    expect(left).toMatchObject({ code: 'ECONNECTION', dialogue: { closedBy: 'server' } });
    await peers.pop()?.close();
    const absent = await failureOf(submitMessage(submission(leaving.port)));
    expect(absent).toBeInstanceOf(DialogueError);
    expect(absent).toMatchObject({ code: 'CONNECT_REFUSED', dialogue: { lines: [] } });
  });

  it('gives up on a greeting that comes in drops', async () => {
    const dial: Submission['dial'] = async (from, to, signal) => {
      const socket = await dialDirect(from, to, signal);
      socket.write('start\r\n');
      return socket;
    };
    const peer = await startPeer(undefined, (_, socket) => {
      const timer = setInterval(() => socket.write('220-wait\r\n'), 10);
      socket.on('close', () => clearInterval(timer));
      return undefined;
    });
    peers.push(peer);
    expect(await failureOf(submitMessage(submission(peer.port, { dial, deadlineMs: 100 })))).toMatchObject({
      code: 'ETIMEDOUT',
      dialogue: { closedBy: 'deadline' },
    });
  });

  it('masks a payload that the server echoes', async () => {
    const peer = await startPeer('220 hi\r\n', (line) => {
      if (line.startsWith('EHLO')) return '250-hi\r\n250 AUTH PLAIN CRAM-MD5\r\n';
      if (line === 'AUTH CRAM-MD5') return `334 ${Buffer.from('<1@x>').toString('base64')}\r\n`;
      return `501 5.5.4 cannot BASE64 decode '${line}'\r\n`;
    });
    peers.push(peer);
    for (const mechanism of ['PLAIN', 'CRAM-MD5'] as const) {
      const failure = await failureOf(
        submitMessage(submission(peer.port, { auth: { user: 'alice', password, mechanism } })),
      );
      const payload = (peer.received.at(-1) ?? '').replace('AUTH PLAIN ', '');
      expect(payload.length).toBeGreaterThan(20);
      const { message, response, dialogue } = failure as SubmissionError;
      const everything = JSON.stringify([message, response, dialogue]);
      for (let at = 0; at + 8 <= payload.length; at += 1) expect(everything).not.toContain(payload.slice(at, at + 8));
      expect(response).toContain('[masked]');
    }
  });
});

describe('the dialogue with smtp-server', () => {
  const open = (port: number) =>
    SmtpDialogue.open({ dial: dialDirect, from: '127.0.0.9', host: '127.0.0.1', port, deadlineMs: 5_000 });
  const alice = { user: 'alice', password, host: 'mail.example', service: 'smtp' };

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'] as const)('logs in with %s and sends a message', async (name) => {
    const { port, seen } = await startServer();
    const dialogue = await open(port);
    await dialogue.ehlo('client.example');
    expect(dialogue.extensions.get('AUTH')?.split(' ')).toContain(name);
    expect(await dialogue.authenticate(createMechanism(name, alice))).toMatchObject({ code: 235 });
    await dialogue.send('MAIL FROM:<alice@ours.example>');
    await dialogue.send('RCPT TO:<bob@far.example>');
    expect((await dialogue.send('DATA')).code).toBe(354);
    expect((await dialogue.data('Subject: t\n\n.dot\n')).code).toBe(250);
    expect((await dialogue.quit()).code).toBe(221);
    expect(seen).toEqual([{ from: '127.0.0.9', body: 'Subject: t\r\n\r\n.dot\r\n', user: 'alice', secure: false }]);
    for (const form of formsOf(password)) expect(JSON.stringify(dialogue.transcript())).not.toContain(form);
  });

  it('is told a wrong password apart', async () => {
    const { port } = await startServer();
    const dialogue = await open(port);
    await dialogue.ehlo('client.example');
    const reply = await dialogue.authenticate(createMechanism('PLAIN', { ...alice, password: 'wrong-horse' }));
    expect(reply.code).toBe(535);
    await dialogue.quit();
  });

  it('shakes hands, forgets the extensions and goes on under TLS', async () => {
    const { port } = await startServer();
    const dialogue = await open(port);
    await dialogue.ehlo('client.example');
    expect(dialogue.extensions.has('STARTTLS')).toBe(true);
    expect((await dialogue.startTls({ servername: 'mail.example' })).code).toBe(220);
    expect(dialogue.extensions.size).toBe(0);
    expect(dialogue.tls).toMatchObject({
      protocol: expect.stringMatching(/^TLSv1\.[23]$/),
      authorized: false,
      authorizationError: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY|EXPIRED/),
    });
    await dialogue.ehlo('client.example');
    expect(dialogue.extensions.has('STARTTLS')).toBe(false);
    await dialogue.quit();
    const lines = dialogue.transcript().lines;
    expect(lines.find((line) => line.text === 'STARTTLS')?.tls).toBe(false);
    expect(lines.at(-1)).toMatchObject({ tls: true, text: expect.stringMatching(/^221 /) });
  });

  it('can begin with TLS', async () => {
    const { port } = await startServer({ secure: true });
    const dialogue = await SmtpDialogue.open({
      dial: dialDirect,
      from: '127.0.0.9',
      host: '127.0.0.1',
      port,
      deadlineMs: 5_000,
      implicitTls: {},
    });
    expect(dialogue.banner.code).toBe(220);
    expect(dialogue.transcript().lines[0]?.tls).toBe(true);
    await dialogue.quit();
  });

  it('discards what is injected behind the 220, and fails where no handshake comes', async () => {
    const peer = await startPeer('220 hi\r\n', () => '220 go ahead\r\n250 injected\r\n');
    peers.push(peer);
    const dialogue = await SmtpDialogue.open({
      dial: dialDirect,
      from: '127.0.0.9',
      host: '127.0.0.1',
      port: peer.port,
      deadlineMs: 100,
    });
    const failure = await failureOf(dialogue.startTls());
    expect(failure).toMatchObject({ code: 'REPLY_TIMEOUT', phase: 'starttls' });
    expect(dialogue.transcript().lines.map((line) => line.text)).toEqual([
      '220 hi',
      'STARTTLS',
      '220 go ahead',
      '250 injected',
      '[1 line(s) sent in clear before the handshake: discarded]',
    ]);
  });

  it('fails with TLS_FAILED where the server speaks no TLS', async () => {
    let shaking = false;
    const peer = await startPeer('220 hi\r\n', (_, socket) => {
      if (shaking) return undefined;
      shaking = true;
      socket.once('data', () => socket.write('500 what?\r\n'));
      return '220 go ahead\r\n';
    });
    peers.push(peer);
    const failure = await failureOf((await open(peer.port)).startTls());
    expect(failure).toMatchObject({ code: 'TLS_FAILED', phase: 'starttls', dialogue: { closedBy: 'error' } });
  });
});
