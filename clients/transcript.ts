import type { Dialogue, DialogueLine } from '../reports/model.ts';
import { Concealment } from './concealment.ts';
import { hiddenPart, MASK, type Secret, secret } from './secret.ts';

/** The first and the last lines are kept: how a session began and how it ended. The note between them makes the 500th. */
const FIRST_LINES = 400;
const LAST_LINES = 99;
const LONGEST_LINE = 2_000;

/**
 * Records one session. Everything is masked on its way in, so there is no unmasked copy to leak later; lines and
 * their number are bounded, with a visible note of what was cut, because the peer is hostile.
 */
export class Transcript {
  readonly #protocol: Dialogue['protocol'];
  readonly #client: string;
  readonly #server: string;
  readonly #startedAt = new Date();
  readonly #clock = performance.now();
  readonly #concealment = new Concealment();
  readonly #first: DialogueLine[] = [];
  readonly #last: DialogueLine[] = [];
  #dropped = 0;
  #challenged = false;
  #closedBy: Dialogue['closedBy'] | undefined;

  /** `client` is the source address, `server` is `address:port`. */
  constructor(about: { protocol: Dialogue['protocol']; client: string; server: string }) {
    this.#protocol = about.protocol;
    this.#client = about.client;
    this.#server = about.server;
  }

  /** Masks a text from here on, wherever either side says it. */
  conceal(text: string): void {
    this.#concealment.add(text);
  }

  /** The text with every secret of this session masked: for messages and reasons made from server text. */
  masked(text: string): string {
    return this.#concealment.mask(text);
  }

  /** Records a line of the client. AUTH payloads and POP passwords are masked even if the caller did not say so. */
  sent(text: string | Secret, tls: boolean): void {
    const guarded = typeof text === 'string' ? guard(text, this.#protocol, this.#challenged) : text;
    this.#challenged = false;
    if (typeof guarded === 'string') {
      this.#record('client', this.masked(guarded), tls);
      return;
    }
    this.conceal(hiddenPart(guarded));
    this.#record('client', this.masked(guarded.shown), tls);
  }

  /** Records a line of the server and returns it as recorded but uncut: fit for a message or a reason. */
  received(line: string, tls: boolean): string {
    const challenge = (this.#protocol === 'smtp' ? /^(334[ -])(.*)$/s : /^(\+ )(.*)$/s).exec(line);
    this.#challenged = challenge !== null || (this.#protocol === 'pop3' ? line === '+' : line === '334');
    const shown = challenge !== null && challenge[2] !== '' ? `${challenge[1]}${MASK}` : this.masked(line);
    this.#record('server', shown, tls);
    return shown;
  }

  /** Says who ended the session. The first word counts: what follows an end is only its echo. */
  closed(by: Dialogue['closedBy']): void {
    this.#closedBy ??= by;
  }

  /** The record so far. A session still open counts as one that the client ends. */
  toDialogue(): Dialogue {
    const cut: DialogueLine[] = [];
    const next = this.#last[0];
    if (this.#dropped > 0 && next !== undefined) {
      cut.push({ ...next, text: `[transcript cut: ${this.#dropped} lines left out here]` });
    }
    return {
      protocol: this.#protocol,
      client: this.#client,
      server: this.#server,
      startedAt: this.#startedAt.toISOString(),
      closedBy: this.#closedBy ?? 'client',
      lines: [...this.#first, ...cut, ...this.#last],
    };
  }

  #record(from: DialogueLine['from'], masked: string, tls: boolean): void {
    const text =
      masked.length > LONGEST_LINE
        ? `${masked.slice(0, LONGEST_LINE)} [line cut: ${masked.length} characters in all]`
        : masked;
    const line: DialogueLine = { at: Math.round(performance.now() - this.#clock), from, text, tls };
    if (this.#first.length < FIRST_LINES) {
      this.#first.push(line);
      return;
    }
    this.#last.push(line);
    if (this.#last.length > LAST_LINES) {
      this.#last.shift();
      this.#dropped += 1;
    }
  }
}

/** Makes a secret of a line that carries one by the rules of the protocol (RFC 4954 section 4, RFC 5034, RFC 1939). */
function guard(text: string, protocol: Dialogue['protocol'], challenged: boolean): string | Secret {
  if (challenged) return text === '' || text === '*' ? text : secret(text, MASK);
  const pattern = protocol === 'smtp' ? /^(\s*AUTH\s+\S+\s+)(.+)$/is : /^(\s*(?:PASS\s|(?:AUTH|APOP)\s+\S+\s+))(.+)$/is;
  const carrier = pattern.exec(text);
  if (carrier === null || carrier[2] === '=') return text;
  return secret(text, `${carrier[1]}${MASK}`);
}
