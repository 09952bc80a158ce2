import { createHash } from 'node:crypto';
import type { Dialogue } from '../reports/model.ts';
import { LineConnection, type OpenOptions } from './line-connection.ts';
import { runSaslExchange } from './sasl/exchange.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';
import { MASK, type Secret, secret } from './secret.ts';
import type { TlsFacts, TlsRequest } from './tls-upgrade.ts';

/** The first line of a reply. `ok` only where it is `+OK`; `text` is the rest, with repeated secrets masked (RFC 1939 section 3). */
export type PopReply = { ok: boolean; text: string };

/** A multi-line reply: its lines without the final dot, leading dots restored; none where `ok` is false. */
export type PopListing = PopReply & { lines: string[] };

/** The final reply to AUTH, and why the client gave up or does not believe the server, if so. */
export type PopAuthenticationReply = PopReply & { fault?: string };

const MOST_LINES = 100_000;
const MOST_OCTETS = 8 * 1024 * 1024;

/**
 * One POP3 session, one command at a time (RFC 1939). `-ERR` is a value; a session that cannot be carried on throws a
 * DialogueError, and so does a reply that is neither `+OK` nor `-ERR`: it must never pass for a login.
 */
export class PopDialogue {
  readonly #connection: LineConnection;
  #banner: PopReply = { ok: false, text: '' };

  private constructor(connection: LineConnection) {
    this.#connection = connection;
  }

  /** Connects and reads the greeting. Times in ms. Throws DialogueError. */
  static async open(options: OpenOptions): Promise<PopDialogue> {
    const dialogue = new PopDialogue(await LineConnection.open('pop3', options));
    dialogue.#banner = await dialogue.#readStatus();
    return dialogue;
  }

  /** What the server opened the session with. */
  get banner(): PopReply {
    return this.#banner;
  }

  /** The timestamp that the greeting offers for APOP (RFC 1939 section 7). */
  get timestamp(): string | undefined {
    return /<[^<>\s]+@[^<>\s]+>/.exec(this.#banner.text)?.[0];
  }

  /** Undefined while the session is in clear. */
  get tls(): TlsFacts | undefined {
    return this.#connection.tls;
  }

  /** Sends one command, CRLF added, and reads the first line of the reply. Throws DialogueError. */
  async send(command: string | Secret): Promise<PopReply> {
    this.#sendLine(command);
    return this.#readStatus();
  }

  /** Sends octets exactly as given and reads nothing, for example a QUIT without its CRLF. */
  write(octets: string | Secret): void {
    const text = typeof octets === 'string' ? octets : octets.reveal();
    const shown =
      typeof octets === 'string' ? octets.replace(/\r\n$/, '').replace(/\r/g, '\\r').replace(/\n/g, '\\n') : octets;
    this.#connection.write(text, shown);
  }

  /** Sends a command whose reply has several lines, such as CAPA or RETR 1 (RFC 1939 section 3). */
  async multiline(command: string): Promise<PopListing> {
    this.#sendLine(command);
    const deadline = this.#connection.deadline();
    const status = await this.#readStatus(deadline);
    const lines: string[] = [];
    if (!status.ok) return { ...status, lines };
    for (let octets = 0; ; ) {
      const { raw } = await this.#connection.readLine('pop', deadline);
      if (raw === '.') return { ...status, lines };
      octets += raw.length;
      if (lines.length >= MOST_LINES || octets > MOST_OCTETS) {
        throw this.#connection.reject(
          'REPLY_TOO_LONG',
          'pop',
          `more than ${MOST_LINES} lines or ${MOST_OCTETS} octets`,
        );
      }
      lines.push(raw.startsWith('.') ? raw.slice(1) : raw);
    }
  }

  /** USER and PASS; the reply to PASS, or to USER if that is refused already. */
  async login(user: string, password: string): Promise<PopReply> {
    this.#connection.transcript.conceal(password);
    const known = await this.send(`USER ${user}`);
    return known.ok ? this.send(secret(`PASS ${password}`, `PASS ${MASK}`)) : known;
  }

  /** APOP (RFC 1939 section 7). Throws TypeError where the greeting has no timestamp: look at `timestamp` first. */
  async apop(user: string, password: string): Promise<PopReply> {
    const { timestamp } = this;
    if (timestamp === undefined) throw new TypeError('the greeting has no timestamp, so there is no APOP');
    this.#connection.transcript.conceal(password);
    const digest = createHash('md5')
      .update(timestamp + password)
      .digest('hex');
    return this.send(secret(`APOP ${user} ${digest}`, `APOP ${user} ${MASK}`));
  }

  /** Runs AUTH to its final reply (RFC 5034 section 4); options and `fault` as in SmtpDialogue. */
  async authenticate(
    mechanism: SaslMechanism,
    options: { initialResponse?: boolean } = {},
  ): Promise<PopAuthenticationReply> {
    for (const text of mechanism.secrets) this.#connection.transcript.conceal(text);
    const { reply, fault } = await runSaslExchange(mechanism, options.initialResponse, async (line) => {
      this.#sendLine(line);
      const next = await this.#connection.readLine('pop', this.#connection.deadline());
      if (/^\+(?: |$)/.test(next.raw)) return { ok: false, text: '', challenge: next.raw.slice(2) };
      return { ...this.#statusOf(next), challenge: undefined };
    });
    const doubt = fault ?? (reply.ok ? mechanism.unproven?.() : undefined);
    return { ok: reply.ok, text: reply.text, ...(doubt === undefined ? {} : { fault: doubt }) };
  }

  /** Sends STLS and, after a +OK, shakes hands (RFC 2595 section 4). Fails with TLS_FAILED if the handshake does. */
  async stls(request: TlsRequest = {}): Promise<PopReply> {
    const reply = await this.send('STLS');
    if (reply.ok) await this.#connection.upgrade(request, 'pop');
    return reply;
  }

  /** Sends QUIT, reads the reply and closes. Throws DialogueError if the server is gone already. */
  async quit(): Promise<PopReply> {
    this.#connection.closing();
    try {
      return await this.send('QUIT');
    } finally {
      await this.#connection.close();
    }
  }

  /** Closes the connection in good order without QUIT. Never fails. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Drops the connection at once, as a client that crashes does: no QUIT. */
  abruptClose(): void {
    this.#connection.abruptClose();
  }

  /** What was said, masked. May be asked for at any time. */
  transcript(): Dialogue {
    return this.#connection.transcript.toDialogue();
  }

  #sendLine(command: string | Secret): void {
    const text = typeof command === 'string' ? command : command.reveal();
    if (/[\r\n]/.test(text)) throw new TypeError('a command is one line; write() sends anything else');
    const early = this.#connection.unread;
    // A server that gives up on an idle client may say so. Anything else would pass for the reply to this command.
    if (early !== undefined && !/^-ERR\b/.test(early)) {
      throw this.#connection.reject('REPLY_MALFORMED', 'pop', `not asked for: ${early.slice(0, 200)}`);
    }
    if (early === undefined) this.#connection.write(`${text}\r\n`, command);
  }

  async #readStatus(deadline = this.#connection.deadline()): Promise<PopReply> {
    return this.#statusOf(await this.#connection.readLine('pop', deadline));
  }

  #statusOf({ raw, shown }: { raw: string; shown: string }): PopReply {
    const match = /^(\+OK|-ERR)(?: |\t|$)/.exec(raw);
    if (match === null) throw this.#connection.reject('REPLY_MALFORMED', 'pop', shown.slice(0, 200));
    return { ok: match[1] === '+OK', text: shown.slice(match[0].length) };
  }
}
