import net from 'node:net';
import type { Dialogue, Phase } from '../reports/model.ts';
import type { Dial } from './dial.ts';
import { DialogueError, type DialogueErrorCode } from './dialogue-error.ts';
import type { Secret } from './secret.ts';
import { type TlsFacts, type TlsRequest, upgradeToTls } from './tls-upgrade.ts';
import { Transcript } from './transcript.ts';

/** Where to connect, from which source address and how patiently; shared by both protocols. */
export type OpenOptions = {
  dial: Dial;
  /** The source address that the target is to see. */
  from: string;
  host: string;
  port: number;
  /** Milliseconds for each reply, from the request to its last line. Default 30,000. */
  deadlineMs?: number;
  signal?: AbortSignal;
  /** TLS from the first byte on, as on ports 465 and 995 (RFC 8314 section 3). */
  implicitTls?: TlsRequest;
};

type Waiting = { resolve: () => void; reject: (error: DialogueError) => void; phase: Phase };

const DEADLINE_MS = 30_000;
const LONGEST_LINE = 65_536;
/** Unread octets above which the peer is made to wait. */
const UNREAD_LIMIT = 262_144;
/** Counted for each line, or a flood of empty ones would weigh nothing. */
const LINE_END = 2;
const CLOSE_MS = 1_000;

/**
 * A connection that speaks in lines, ended by CRLF or a bare LF, bytes as latin1. It records what it carries, and
 * every failure is one DialogueError that all later calls repeat.
 */
export class LineConnection {
  readonly transcript: Transcript;
  readonly deadlineMs: number;
  #socket: net.Socket;
  readonly #host: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#fail('ABORTED', this.#waiting?.phase ?? this.#phase);
  #tls: TlsFacts | undefined;
  #unread: { raw: string; shown: string }[] = [];
  #nextUnread = 0;
  #unreadOctets = 0;
  #partial = '';
  #waiting: Waiting | undefined;
  #failure: DialogueError | undefined;
  #phase: Phase = 'connect';

  private constructor(socket: net.Socket, transcript: Transcript, options: OpenOptions) {
    this.#socket = socket;
    this.transcript = transcript;
    this.deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.#host = options.host;
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Dials, and shakes hands if TLS comes first. Fails with a DialogueError of phase `connect` that has the dialogue. */
  static async open(protocol: Dialogue['protocol'], options: OpenOptions): Promise<LineConnection> {
    const { host, port, from } = options;
    const server = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
    const transcript = new Transcript({ protocol, client: from, server });
    let socket: net.Socket;
    try {
      socket = await options.dial(from, { host, port }, options.signal);
    } catch (error) {
      if (error instanceof DialogueError) {
        transcript.closed(closedByOf(error.code));
        error.dialogue = transcript.toDialogue();
      }
      throw error;
    }
    const connection = new LineConnection(socket, transcript, options);
    if (options.signal?.aborted === true) {
      connection.#fail('ABORTED', 'connect');
      throw connection.#failure;
    }
    if (options.implicitTls !== undefined) await connection.#secure(options.implicitTls, 'connect');
    else connection.#listen();
    return connection;
  }

  /** Undefined while the connection is in clear. */
  get tls(): TlsFacts | undefined {
    return this.#tls;
  }

  /** The first line that arrived and that nobody asked for yet, masked. */
  get unread(): string | undefined {
    return this.#unread[this.#nextUnread]?.shown;
  }

  /** The moment, on the clock of `performance.now`, by which a reply asked for now must be complete. */
  deadline(): number {
    return performance.now() + this.deadlineMs;
  }

  /** Sends octets as they are, if any; text goes out as UTF-8. The transcript gets `line`, one entry, if given. */
  write(octets: string | Buffer, line?: string | Secret): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (line !== undefined) this.transcript.sent(line, this.#tls !== undefined);
    // An empty write is a line of a packet that is on its way already.
    if (octets.length > 0) this.#socket.write(octets);
  }

  /** The next line without its ending, raw and as the transcript shows it. Waits until `deadline` at most. */
  async readLine(phase: Phase, deadline: number): Promise<{ raw: string; shown: string }> {
    this.#phase = phase;
    const ready = this.#take();
    if (ready !== undefined) return ready;
    if (this.#failure !== undefined) throw this.#failure;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail('REPLY_TIMEOUT', phase, `${this.deadlineMs} ms`),
        Math.max(0, deadline - performance.now()),
      );
      const settled = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      this.#waiting = {
        phase,
        resolve: () => {
          settled();
          resolve();
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
    });
    const line = this.#take();
    if (line === undefined) throw this.#failure ?? new DialogueError('CLOSED_BY_SERVER', phase);
    return line;
  }

  /** Ends the session as broken, and returns the error for the caller to throw. `detail` is masked. */
  reject(code: DialogueErrorCode, phase: Phase, detail: string): DialogueError {
    // What a server said on its way out weighs more than that it left.
    if (this.#failure?.code === 'CLOSED_BY_SERVER') this.#failure = undefined;
    return this.#fail(code, phase, this.transcript.masked(detail));
  }

  /** Hands the connection over to TLS. What the server sent in clear before is discarded (RFC 3207 section 4.2). */
  async upgrade(request: TlsRequest, phase: Phase): Promise<TlsFacts> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#discardUnread();
    this.#socket.removeAllListeners('data');
    this.#socket.removeAllListeners('end');
    this.#socket.removeAllListeners('close');
    return this.#secure(request, phase);
  }

  /** Says that the end of the session is the client's wish, before the server's own close can say otherwise. */
  closing(): void {
    this.transcript.closed('client');
  }

  /** Closes in good order and resolves when the socket is gone, after a second at most. Never fails. */
  async close(): Promise<void> {
    this.closing();
    this.#detach();
    const socket = this.#socket;
    if (socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      // Without a reader the end of the stream would never be noticed.
      socket.resume();
      socket.end();
    });
  }

  /** Drops the connection at once, as a client that crashes does: no farewell, and nothing more is read. */
  abruptClose(): void {
    this.closing();
    this.#detach();
    this.#socket.destroy();
  }

  async #secure(request: TlsRequest, phase: Phase): Promise<TlsFacts> {
    const outcome = await upgradeToTls(this.#socket, this.#host, request, {
      deadlineMs: this.deadlineMs,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    });
    if ('failed' in outcome) throw this.#fail(outcome.failed, phase, outcome.detail);
    this.#socket = outcome.socket;
    this.#tls = outcome.facts;
    this.#listen();
    return outcome.facts;
  }

  #listen(): void {
    const socket = this.#socket;
    const onEnd = () => {
      if (this.#partial !== '') this.transcript.received(`${this.#partial} [no line end]`, this.#tls !== undefined);
      this.#partial = '';
      this.#fail('CLOSED_BY_SERVER', this.#waiting?.phase ?? this.#phase);
    };
    socket.on('data', (octets: Buffer) => this.#arrived(octets));
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    socket.on('error', () => {
      // 'close' follows, and to the session a reset is a close.
    });
    if (socket.destroyed) onEnd();
  }

  #arrived(octets: Buffer): void {
    if (this.#failure !== undefined) return;
    const pieces = octets.toString('latin1').split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = this.#partial + piece;
      this.#partial = '';
      if (line.length > LONGEST_LINE) {
        this.#tooLong();
        return;
      }
      const raw = line.endsWith('\r') ? line.slice(0, -1) : line;
      this.#unread.push({ raw, shown: this.transcript.received(raw, this.#tls !== undefined) });
      this.#unreadOctets += raw.length + LINE_END;
    }
    this.#partial += rest;
    if (this.#partial.length > LONGEST_LINE) this.#tooLong();
    if (this.#unreadOctets > UNREAD_LIMIT) this.#socket.pause();
    if (this.#unread.length > 0) this.#waiting?.resolve();
  }

  #tooLong(): void {
    this.#fail('REPLY_TOO_LONG', this.#waiting?.phase ?? this.#phase, `a line of more than ${LONGEST_LINE} octets`);
  }

  #take(): { raw: string; shown: string } | undefined {
    const line = this.#unread[this.#nextUnread];
    if (line === undefined) return undefined;
    this.#nextUnread += 1;
    // An index instead of shift(), which takes time by the length of what a hostile peer has piled up.
    if (this.#nextUnread === this.#unread.length) this.#forgetUnread();
    this.#unreadOctets -= line.raw.length + LINE_END;
    if (this.#socket.isPaused() && this.#unreadOctets <= UNREAD_LIMIT) this.#socket.resume();
    return line;
  }

  #discardUnread(): void {
    if (this.#partial !== '') this.transcript.received(this.#partial, false);
    const lines = this.#unread.length - this.#nextUnread + (this.#partial === '' ? 0 : 1);
    if (lines > 0) this.transcript.sent(`[${lines} line(s) sent in clear before the handshake: discarded]`, false);
    this.#forgetUnread();
    this.#unreadOctets = 0;
    this.#partial = '';
  }

  #forgetUnread(): void {
    this.#unread = [];
    this.#nextUnread = 0;
  }

  #fail(code: DialogueErrorCode, phase: Phase, detail = ''): DialogueError {
    if (this.#failure !== undefined) return this.#failure;
    this.transcript.closed(closedByOf(code));
    const failure = new DialogueError(code, phase, detail);
    failure.dialogue = this.transcript.toDialogue();
    this.#failure = failure;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#socket.destroy();
    this.#waiting?.reject(failure);
    return failure;
  }

  /** After this the session is over for its owner, whatever the socket still does. */
  #detach(): void {
    this.#failure ??= new DialogueError('ABORTED', this.#phase, 'the client has closed the connection');
    this.#failure.dialogue ??= this.transcript.toDialogue();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#waiting?.reject(this.#failure);
  }
}

function closedByOf(code: DialogueErrorCode): Dialogue['closedBy'] {
  if (code === 'CLOSED_BY_SERVER') return 'server';
  if (code === 'REPLY_TIMEOUT' || code === 'CONNECT_TIMEOUT') return 'deadline';
  return code === 'ABORTED' ? 'client' : 'error';
}
