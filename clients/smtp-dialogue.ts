import type { Dialogue, Phase } from '../reports/model.ts';
import { LineConnection, type OpenOptions } from './line-connection.ts';
import { runSaslExchange } from './sasl/exchange.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';
import { MASK, type Secret, secret } from './secret.ts';
import { joinReply, parseExtensions, parseReplyLine, type SmtpReply, toDataLines } from './smtp-reply.ts';
import type { TlsFacts, TlsRequest } from './tls-upgrade.ts';

export type { SmtpReply } from './smtp-reply.ts';

/** The final reply to AUTH, and why the client gave up or does not believe the server, if so. */
export type AuthenticationReply = SmtpReply & { fault?: string };

const MOST_LINES = 256;
const MOST_OCTETS = 65_536;
/** Lines of a message that the transcript shows; the sink has the whole. */
const SHOWN_MESSAGE_LINES = 60;

const phases: Record<string, Phase> = {
  EHLO: 'greeting',
  HELO: 'greeting',
  LHLO: 'greeting',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
  BDAT: 'data',
  VRFY: 'command',
  EXPN: 'command',
  ETRN: 'command',
  TURN: 'command',
  XCLIENT: 'command',
};

/**
 * One SMTP session, one command at a time (RFC 5321). A reply is a value whatever its code; a session that cannot be
 * carried on throws a DialogueError, which has the dialogue up to then.
 */
export class SmtpDialogue {
  readonly #connection: LineConnection;
  #banner: SmtpReply | undefined;
  #phase: Phase = 'connect';
  /** What the last EHLO listed: upper-case keyword to parameters; empty after STARTTLS (RFC 3207 section 4.2). */
  extensions: ReadonlyMap<string, string> = new Map();

  private constructor(connection: LineConnection) {
    this.#connection = connection;
  }

  /**
   * Connects and reads the greeting, whatever it says: 220, 554 or 421. Times in ms. Throws DialogueError. `early`:
   * octets that are sent before the server has said anything, as a client does that does not wait for its turn.
   */
  static async open(options: OpenOptions, early?: Buffer): Promise<SmtpDialogue> {
    const dialogue = new SmtpDialogue(await LineConnection.open('smtp', options));
    if (early !== undefined) dialogue.write(early);
    dialogue.#banner = await dialogue.readReply();
    return dialogue;
  }

  /** The reply that the server opened the session with. */
  get banner(): SmtpReply {
    if (this.#banner === undefined) throw new TypeError('the greeting has not been read');
    return this.#banner;
  }

  /** Undefined while the session is in clear. */
  get tls(): TlsFacts | undefined {
    return this.#connection.tls;
  }

  /** Where the session stands, by the last command sent. */
  get phase(): Phase {
    return this.#phase;
  }

  /**
   * Sends one command, CRLF added, and reads the whole reply. Line breaks inside a command need `write`. If the server
   * said 421 in the meantime, the command is not sent, and that is the reply (RFC 5321 section 3.8).
   */
  async send(command: string | Secret): Promise<SmtpReply> {
    const text = wordsOf(command);
    this.#enter(text);
    if (!this.#closingDown()) this.#connection.write(`${text}\r\n`, command);
    return this.readReply();
  }

  /** Sends several commands in one packet and reads one reply for each (RFC 2920 section 3.1). */
  async pipeline(commands: readonly (string | Secret)[]): Promise<SmtpReply[]> {
    const texts = commands.map(wordsOf);
    if (this.#closingDown()) return [await this.readReply()];
    const packet = texts.map((text) => `${text}\r\n`).join('');
    for (const [index, command] of commands.entries()) this.#connection.write(index === 0 ? packet : '', command);
    const replies: SmtpReply[] = [];
    for (const text of texts) {
      this.#enter(text);
      replies.push(await this.readReply());
    }
    return replies;
  }

  /**
   * Sends octets exactly as given, nothing added, and reads nothing: for bare line feeds, half commands and smuggling.
   * The transcript shows line ends other than CRLF as `\r` and `\n`. A Secret is shown as its shown form.
   */
  write(octets: string | Buffer | Secret): void {
    if (typeof octets === 'string' || Buffer.isBuffer(octets)) {
      const lines = octets.toString(Buffer.isBuffer(octets) ? 'latin1' : undefined).split('\r\n');
      if (lines.length > 1 && lines.at(-1) === '') lines.pop();
      for (const [index, line] of lines.entries()) {
        const shown = line.replace(/\r/g, '\\r').replace(/\n/g, '\\n');
        this.#connection.write(index === 0 ? octets : '', shown);
      }
      return;
    }
    this.#connection.write(octets.reveal(), octets);
  }

  /** Sends octets one at a time, each in a packet of its own, as a client on a bad line would; reads nothing. */
  async trickle(octets: Buffer): Promise<void> {
    const shown = octets.toString('latin1').replace(/\r\n$/, '').replace(/\r/g, '\\r').replace(/\n/g, '\\n');
    for (const [index, octet] of octets.entries()) {
      this.#connection.write(Buffer.of(octet), index === 0 ? `${shown} [octet by octet]` : undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Sets where the session stands, for octets that `write` sends. */
  enter(phase: Phase): void {
    this.#phase = phase;
  }

  /** Reads one whole reply, all its lines within one deadline. After `write`, or where more than one is expected. */
  async readReply(): Promise<SmtpReply> {
    const phase = this.#phase;
    const deadline = this.#connection.deadline();
    const lines: string[] = [];
    let octets = 0;
    for (let code: number | undefined; ; ) {
      const { raw, shown } = await this.#connection.readLine(phase, deadline);
      const line = parseReplyLine(raw);
      if (line === undefined) throw this.#connection.reject('REPLY_MALFORMED', phase, shown.slice(0, 200));
      code ??= line.code;
      if (line.code !== code) {
        throw this.#connection.reject('REPLY_MALFORMED', phase, `${line.code} inside a reply with ${code}`);
      }
      octets += raw.length;
      if (lines.length >= MOST_LINES || octets > MOST_OCTETS) {
        throw this.#connection.reject(
          'REPLY_TOO_LONG',
          phase,
          `more than ${MOST_LINES} lines or ${MOST_OCTETS} octets`,
        );
      }
      // The client needs the challenge of a 334 as it is; every other text is for people, who get the masked form.
      lines.push(code === 334 ? line.text : shown.slice(raw.length - line.text.length));
      if (line.last) return joinReply(code, lines);
    }
  }

  /** Sends EHLO and keeps the extensions that a 250 lists; any other reply clears them. */
  async ehlo(name: string): Promise<SmtpReply> {
    const reply = await this.send(`EHLO ${name}`);
    this.extensions = reply.code === 250 ? parseExtensions(reply) : new Map();
    return reply;
  }

  /**
   * Sends STARTTLS and, after a 220, shakes hands (RFC 3207). The extensions are forgotten, and what the server sent in
   * clear behind its 220 is discarded. Fails with TLS_FAILED if the handshake does. `along`: commands in the same packet,
   * in clear, which a server must not carry over into the protected session.
   */
  async startTls(request: TlsRequest = {}, along: readonly string[] = []): Promise<SmtpReply> {
    this.#enter('STARTTLS');
    if (!this.#closingDown()) {
      const lines = ['STARTTLS', ...along];
      for (const [index, line] of lines.entries()) {
        this.#connection.write(index === 0 ? lines.map((one) => `${one}\r\n`).join('') : '', line);
      }
    }
    const reply = await this.readReply();
    if (reply.code !== 220) return reply;
    await this.#connection.upgrade(request, 'starttls');
    this.extensions = new Map();
    return reply;
  }

  /**
   * Runs AUTH to its final reply (RFC 4954 section 4). `initialResponse: false` holds an initial response back until the
   * server asks with an empty 334. If the mechanism refuses a challenge the client cancels with `*`, and `fault` says why.
   */
  async authenticate(
    mechanism: SaslMechanism,
    options: { initialResponse?: boolean } = {},
  ): Promise<AuthenticationReply> {
    for (const text of mechanism.secrets) this.#connection.transcript.conceal(text);
    const { reply, fault } = await runSaslExchange(mechanism, options.initialResponse, async (line, start) => {
      const shown = start
        ? line.replace(/^(AUTH \S+ )(?!=$).+$/s, `$1${MASK}`)
        : line === '' || line === '*'
          ? line
          : MASK;
      const next = await this.send(secret(line, shown));
      return { ...next, challenge: next.code === 334 ? next.lines.join('') : undefined };
    });
    const { challenge: _, ...final } = reply;
    const doubt = fault ?? (final.code === 235 ? mechanism.unproven?.() : undefined);
    return doubt === undefined ? final : { ...final, fault: doubt };
  }

  /** Sends a message and the dot, after DATA was answered 354. Line ends become CRLF, leading dots are doubled. */
  async data(message: string): Promise<SmtpReply> {
    this.#phase = 'end-of-data';
    if (this.#closingDown()) return this.readReply();
    const lines = toDataLines(message);
    const octets = [...lines, '.', ''].join('\r\n');
    for (const [index, line] of lines.slice(0, SHOWN_MESSAGE_LINES).entries()) {
      this.#connection.write(index === 0 ? octets : '', line);
    }
    const hidden = lines.length - SHOWN_MESSAGE_LINES;
    if (hidden > 0) this.#connection.write('', `[${hidden} more lines of the message]`);
    this.#connection.write(lines.length === 0 ? octets : '', '.');
    return this.readReply();
  }

  /** Sends QUIT, reads the reply and closes. Throws DialogueError if the server is gone already. */
  async quit(): Promise<SmtpReply> {
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

  /** Drops the connection at once, as a client that crashes does. */
  abruptClose(): void {
    this.#connection.abruptClose();
  }

  /** What was said, masked. May be asked for at any time. */
  transcript(): Dialogue {
    return this.#connection.transcript.toDialogue();
  }

  #enter(command: string): void {
    this.#phase = phases[/^\s*([A-Za-z]+)/.exec(command)?.[1]?.toUpperCase() ?? ''] ?? this.#phase;
  }

  /**
   * Whether the server has announced its end with a 421, which it may do at any time. Any other line that nobody asked
   * for ends the session here: it would shift every later reply by one, and each verdict with it.
   */
  #closingDown(): boolean {
    const early = this.#connection.unread;
    if (early === undefined) return false;
    if (/^421\b/.test(early)) return true;
    throw this.#connection.reject('REPLY_MALFORMED', this.#phase, `not asked for: ${early.slice(0, 200)}`);
  }
}

function wordsOf(command: string | Secret): string {
  const text = typeof command === 'string' ? command : command.reveal();
  if (/[\r\n]/.test(text)) throw new TypeError('a command is one line; write() sends anything else');
  return text;
}
