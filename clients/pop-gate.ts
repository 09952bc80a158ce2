import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { Dialogue } from '../reports/model.ts';
import type { Dial } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { Transcript } from './transcript.ts';

/** A listener on loopback for one client, connected to a POP3 server. */
export type PopGate = {
  port: number;
  transcript: Transcript;
  /** The first line of the latest reply, masked. */
  status: () => string;
  /** Never resolves; rejects with the DialogueError that ends the session. */
  failed: Promise<never>;
  fail: (error: DialogueError) => void;
  /** From now on the server may close. */
  leaving: () => void;
  /** Ends both sides and the listener. May be called again. */
  close: (by: Dialogue['closedBy']) => void;
};

/** For the whole visit: poplib joins and searches its buffer anew for every piece. */
const MOST_OCTETS = 4 * 1024 * 1024;
const LONGEST_LINE = 65_536;

/**
 * Opens a gate through which a client that opens its own socket reaches a server from a chosen source address.
 * It passes whole lines only, ended by CRLF, and ends the session where the first line of a reply is neither +OK nor
 * -ERR: poplib takes a first chunk for a whole reply, and what it does not know for a success.
 */
export async function openPopGate(request: {
  dial: Dial;
  from: string;
  host: string;
  port: number;
  password: string;
  deadlineMs: number;
  signal?: AbortSignal;
}): Promise<PopGate> {
  const { dial, from, host, port, deadlineMs, signal } = request;
  const transcript = new Transcript({ protocol: 'pop3', client: from, server: `${host}:${port}` });
  transcript.conceal(request.password);
  const listener = net.createServer();
  listener.maxConnections = 1;
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address() as AddressInfo;
  const remote = await dial(from, { host, port }, signal).catch((error: unknown) => {
    listener.close();
    if (error instanceof DialogueError) {
      transcript.closed(error.code === 'CONNECT_TIMEOUT' ? 'deadline' : 'error');
      error.dialogue = transcript.toDialogue();
    }
    throw error;
  });
  let local: net.Socket | undefined;
  let leaving = false;
  let reject: (error: DialogueError) => void = () => {};
  const failed = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  // The failure may come when nobody waits for it any more.
  failed.catch(() => {});

  const close = (by: Dialogue['closedBy']) => {
    transcript.closed(by);
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    listener.close();
    local?.destroy();
    remote.destroy();
  };
  const fail = (error: DialogueError) => {
    close(error.code === 'REPLY_TIMEOUT' ? 'deadline' : error.code === 'CLOSED_BY_SERVER' ? 'server' : 'error');
    error.dialogue ??= transcript.toDialogue();
    reject(error);
  };
  const onAbort = () => {
    transcript.closed('client');
    fail(new DialogueError('ABORTED', 'pop'));
  };
  const timer = setTimeout(() => fail(new DialogueError('REPLY_TIMEOUT', 'pop', `${deadlineMs} ms`)), deadlineMs);
  signal?.addEventListener('abort', onAbort, { once: true });

  let expectStatus = true;
  let status = '';
  let octets = 0;
  const fromServer = lineSplitter((line) => {
    const shown = transcript.received(line, false);
    octets += line.length;
    if (expectStatus && !/^(?:\+OK|-ERR)(?:\s|$)/.test(line)) {
      fail(new DialogueError('REPLY_MALFORMED', 'pop', shown.slice(0, 200)));
      return;
    }
    if (expectStatus) status = shown;
    expectStatus = false;
    local?.write(`${line}\r\n`, 'latin1');
  });
  const fromClient = lineSplitter((line) => {
    expectStatus = true;
    transcript.sent(line, false);
    remote.write(`${line}\r\n`, 'latin1');
  });
  const onGone = () => {
    if (!leaving) fail(new DialogueError('CLOSED_BY_SERVER', 'pop'));
  };
  remote.on('end', onGone);
  remote.on('close', onGone);
  listener.once('connection', (socket) => {
    local = socket;
    listener.close();
    socket.on('error', () => {});
    socket.on('data', fromClient);
    // Only now: what the server says first has nowhere to go before.
    remote.on('data', (chunk: Buffer) => {
      const rest = fromServer(chunk);
      if (rest > LONGEST_LINE || octets > MOST_OCTETS) fail(new DialogueError('REPLY_TOO_LONG', 'pop'));
    });
  });
  if (signal?.aborted === true) onAbort();

  return {
    port: address.port,
    transcript,
    status: () => status,
    failed,
    fail,
    leaving: () => {
      leaving = true;
    },
    close,
  };
}

/** Calls back for each line without its ending; returns how many octets wait for theirs. */
function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => number {
  let partial = '';
  return (chunk) => {
    const pieces = chunk.toString('latin1').split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = partial + piece;
      partial = '';
      onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    partial += rest;
    return partial.length;
  };
}
