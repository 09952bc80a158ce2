import { afterEach, describe, expect, it } from 'vitest';
import { dialDirect } from './dial.ts';
import { fetchMailbox, MailboxError } from './mailbox-reader.ts';
import { formsOf, type ScriptedPeer, startPeer } from './scripted-peer.ts';

const password = 'correct-horse';
const peers: ScriptedPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

/** A POP3 server with two messages; `odd` may answer a line differently. */
async function startMailbox(greeting: string | undefined, odd: Parameters<typeof startPeer>[1] = () => undefined) {
  const peer = await startPeer(greeting, (line, socket) => {
    const said = odd(line, socket);
    if (said !== undefined) return said === '' ? undefined : said;
    if (line.startsWith('USER')) return '+OK\r\n';
    if (line.startsWith('PASS')) return line === `PASS ${password}` ? '+OK Logged in.\r\n' : '-ERR [AUTH] no\r\n';
    if (line === 'LIST') return '+OK 2 messages\r\n1 20\r\n3 20\r\n.\r\n';
    if (line.startsWith('RETR')) return `+OK\r\nSubject: ${line}\r\n\r\n..dot\r\nend\r\n.\r\n`;
    return line === 'QUIT' ? '+OK bye\r\n' : '-ERR unknown\r\n';
  });
  peers.push(peer);
  return peer;
}

const fetchFrom = (
  peer: { port: number },
  extra: { password?: string; deadlineMs?: number; signal?: AbortSignal; wanted?: (message: string) => boolean } = {},
) =>
  fetchMailbox({
    dial: dialDirect,
    from: '127.0.0.9',
    host: '127.0.0.1',
    port: peer.port,
    user: 'alice',
    password,
    deadlineMs: 3_000,
    ...extra,
  });

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('reading a mailbox', () => {
  it('fetches every message and takes its leave', async () => {
    const peer = await startMailbox('+OK ready\r\n');
    const { messages, dialogue } = await fetchFrom(peer);
    expect(messages).toEqual(['Subject: RETR 3\r\n\r\n.dot\r\nend', 'Subject: RETR 1\r\n\r\n.dot\r\nend']);
    expect(peer.received).toEqual(['USER alice', `PASS ${password}`, 'LIST', 'RETR 3', 'RETR 1', 'QUIT']);
    expect(dialogue).toMatchObject({ protocol: 'pop3', client: '127.0.0.9', closedBy: 'client' });
    for (const form of formsOf(password)) expect(JSON.stringify(dialogue)).not.toContain(form);
    expect(dialogue.lines.map((line) => line.text)).toContain('PASS [masked]');
  });

  it('reads no further than to the wanted message', async () => {
    const peer = await startMailbox('+OK ready\r\n');
    const { messages } = await fetchFrom(peer, { wanted: (message) => message.includes('RETR 3') });
    expect(messages).toHaveLength(1);
    expect(peer.received).not.toContain('RETR 1');
  });

  it('fetches nothing from an empty mailbox', async () => {
    const peer = await startMailbox('+OK ready\r\n', (line) => (line === 'LIST' ? '+OK\r\n.\r\n' : undefined));
    expect((await fetchFrom(peer)).messages).toEqual([]);
  });

  it('takes replies in any pieces', async () => {
    const peer = await startMailbox('+OK ready\r\n', (line, socket) => {
      if (!line.startsWith('RETR')) return undefined;
      const octets = '+OK\r\nSubject: pieces\r\n\r\nend\r\n.\r\n';
      let at = 0;
      const drip = () => {
        socket.write(octets.slice(at, at + 2));
        at += 2;
        if (at < octets.length) setImmediate(drip);
      };
      drip();
      return '';
    });
    expect((await fetchFrom(peer)).messages).toEqual(['Subject: pieces\r\n\r\nend', 'Subject: pieces\r\n\r\nend']);
  });

  it('does not take a wrong password for a login, not even if the reply is cut in two', async () => {
    const peer = await startMailbox('+OK ready\r\n', (line, socket) => {
      if (!line.startsWith('PASS')) return undefined;
      socket.write('-');
      setTimeout(() => socket.write('ERR [AUTH] no\r\n'), 20);
      return '';
    });
    const failure = await failureOf(fetchFrom(peer, { password: 'wrong-horse' }));
    expect(failure).toBeInstanceOf(MailboxError);
    expect(failure).toMatchObject({ reply: '-ERR [AUTH] no', message: 'the login was refused: -ERR [AUTH] no' });
    expect(JSON.stringify((failure as MailboxError).dialogue)).not.toContain('wrong-horse');
  });

  it('does not take a split +OK to USER for the reply to PASS', async () => {
    const peer = await startMailbox('+OK ready\r\n', (line, socket) => {
      if (!line.startsWith('USER')) return undefined;
      socket.write('+');
      setTimeout(() => socket.write('OK\r\n'), 20);
      return '';
    });
    expect(await failureOf(fetchFrom(peer, { password: 'wrong-horse' }))).toBeInstanceOf(MailboxError);
  });

  it.each([
    ['the greeting', '554 go away\r\n', undefined],
    ['USER', '+OK ready\r\n', 'USER'],
    ['PASS', '+OK ready\r\n', 'PASS'],
    ['LIST', '+OK ready\r\n', 'LIST'],
    ['RETR', '+OK ready\r\n', 'RETR'],
  ])('refuses a reply that is neither +OK nor -ERR to %s', async (_, greeting, verb) => {
    const peer = await startMailbox(greeting, (line) =>
      verb !== undefined && line.startsWith(verb) ? 'hello\r\n' : undefined,
    );
    expect(await failureOf(fetchFrom(peer))).toMatchObject({ code: 'REPLY_MALFORMED', phase: 'pop' });
  });

  it('ends by its deadline, when the server leaves, and when it is told to', async () => {
    const silent = await startMailbox(undefined);
    expect(await failureOf(fetchFrom(silent, { deadlineMs: 50 }))).toMatchObject({
      code: 'REPLY_TIMEOUT',
      dialogue: { closedBy: 'deadline' },
    });
    const leaving = await startMailbox('+OK ready\r\n', (line, socket) => {
      if (line === 'LIST') socket.destroy();
      return undefined;
    });
    expect(await failureOf(fetchFrom(leaving))).toMatchObject({
      code: 'CLOSED_BY_SERVER',
      dialogue: { closedBy: 'server' },
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect(await failureOf(fetchFrom(silent, { signal: controller.signal }))).toMatchObject({ code: 'ABORTED' });
  });

  it('reports a server that is not there', async () => {
    const peer = await startPeer('+OK\r\n');
    await peer.close();
    expect(await failureOf(fetchFrom(peer))).toMatchObject({ code: 'CONNECT_REFUSED', dialogue: { lines: [] } });
  });

  it('does not read a flood', async () => {
    const peer = await startMailbox('+OK ready\r\n', (line) =>
      line === 'LIST'
        ? `+OK\r\n${Array.from({ length: 1_001 }, (_, index) => `${index + 1} 1\r\n`).join('')}.\r\n`
        : undefined,
    );
    expect(await failureOf(fetchFrom(peer))).toMatchObject({ code: 'REPLY_TOO_LONG' });
  });

  it.each([
    ['a line without end', 'x'.repeat(100_000)],
    ['a message without end', `${'x'.repeat(60_000)}\r\n`.repeat(80)],
  ])('does not read %s', async (_, text) => {
    const peer = await startMailbox('+OK ready\r\n', (line) =>
      line.startsWith('RETR') ? `+OK\r\n${text}` : undefined,
    );
    expect(await failureOf(fetchFrom(peer, { deadlineMs: 1_500 }))).toMatchObject({ code: 'REPLY_TOO_LONG' });
  });
});
