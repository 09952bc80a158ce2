/**
 * From lines to facts about users. A message is taken in a session (`from=`, with the client’s address) and goes out in a
 * delivery (`to=`, with the mailer): the queue id joins the two. Who sent it is judged only when the logs have been read
 * some minutes beyond it, so that lines out of order do not matter.
 */
import { Accounts } from './accounts.ts';
import { addressText, isLoopback, isSame, type Network, newWords } from './address.ts';
import { Authorisations } from './authorisations.ts';
import { AUTHENTICATED, COUNTED, FORWARDED, LOCAL, MessageTable } from './message-table.ts';
import { type Candidates, type NamedUser, type PopLogin, PopLogins, type Server } from './pop-logins.ts';
import { INBOUND, PROPER, Recipients } from './recipients.ts';
import { type Host, Rights } from './rights.ts';
import { FromLine, ToLine } from './sendmail-lines.ts';
import { AuthLine, TlsLine } from './session-lines.ts';
import { SmtpSessions, TlsSessions } from './smtp-sessions.ts';
import { startsWith, words } from './starts-with.ts';
import { Tally } from './tally.ts';
import { TextCache } from './text-cache.ts';

const MOST_ORPHANS = 4096;
const MOST_OWN = 256;

export type CorrelationOptions = {
  /** How long a POP login authorises its address, in ms. */
  lifetime: number;
  /** Networks that relay by their address. */
  trusted: readonly Network[];
  /** Domains that the server takes mail for, and passes on. */
  relayTo: readonly string[];
  /** Domains that are left out of user names. */
  realms: readonly string[];
  /** IMAP logins authorise too. */
  imap: boolean;
};

const auth = words('AUTH=server, ');
const startTls = words('STARTTLS=server, ');
const fromField = words('from=');
const forward = words('forward ');
const alias = words('alias ');
const split = words('split: ');
const MOST_SPLITS = 20_000;

const COLON = 0x3a;
const SPACE = 0x20;

/** Queue ids are of letters and digits. */
const inQueueId = new Uint8Array(256);
for (let byte = 0x30; byte <= 0x7a; byte++) {
  if (/[0-9A-Za-z]/.test(String.fromCharCode(byte))) inQueueId[byte] = 1;
}

export class Correlator {
  readonly accounts: Accounts;
  readonly tally = new Tally();
  readonly authorisations: Authorisations;
  /** The server’s own addresses, as its POP server logs them. */
  readonly own = new Set<string>();
  readonly #hosts = new Map<string, Host>();
  readonly #logins: PopLogins;
  readonly #messages = new MessageTable();
  readonly #sessions = new SmtpSessions();
  readonly #tls = new TlsSessions();
  readonly #recipients: Recipients;
  readonly #orphans = new Map<number, { due: number; recipients: number }>();
  readonly #from = new FromLine();
  readonly #to = new ToLine();
  readonly #auth = new AuthLine();
  readonly #startTls = new TlsLine();
  readonly #texts = new TextCache((text) => text);
  readonly #users = new TextCache<NamedUser>((name) => ({ name, id: this.accounts.id(name) }));
  /** Messages by the queue ids of their parts. */
  readonly #parts = new Map<number, { a: number; b: number }>();
  readonly #lastOwn = newWords();
  /** The last login. */
  readonly #last: { server?: Server; user?: NamedUser } = {};
  readonly #lastAddress = newWords();
  readonly #rights: Rights;
  #order = 0;
  /** The time of the line, in ms. A number that is handed from one to the other is made anew each time. */
  #at = 0;
  #keyA = 0;
  #keyB = 0;

  constructor(options: CorrelationOptions) {
    this.accounts = new Accounts(options.realms);
    this.authorisations = new Authorisations(options.lifetime);
    this.#recipients = new Recipients(options.relayTo);
    this.#logins = new PopLogins(options.imap, this.#users);
    this.#rights = new Rights({
      accounts: this.accounts,
      authorisations: this.authorisations,
      tally: this.tally,
      messages: this.#messages,
      sessions: this.#sessions,
      trusted: options.trusted,
      own: this.own,
    });
  }

  /** The POP servers that a program of that name may be. */
  servers(program: string): Candidates | undefined {
    return this.#logins.servers(program);
  }

  /** The POP servers whose lines were found, with the number of logins. */
  popServers(): { name: string; logins: number }[] {
    const found = [...this.#logins.counts].filter(([, { logins }]) => logins > 0);
    return found.map(([name, { logins }]) => ({ name, logins })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  host(name: string): Host {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = { seed: Math.imul(this.#hosts.size + 1, 0x9e3779b1), showsAuth: false, showsBrackets: false };
      if (this.#hosts.size < 1000) this.#hosts.set(name, host);
    }
    return host;
  }

  /** A line of sendmail: bytes[start, end) is what follows the tag. Returns whether it was of use. */
  sendmail(at: number, host: Host, pid: number, bytes: Buffer, start: number, end: number): boolean {
    this.#order = (this.#order + 1) >>> 0;
    this.#at = at;
    // Queue ids are letters and digits; the last digits are the process that took the message.
    let a = host.seed;
    let b = ~host.seed;
    let position = start;
    const most = Math.min(end, start + 24);
    for (; position < most; position++) {
      const byte = bytes[position] as number;
      if (byte === COLON) break;
      if (inQueueId[byte] === 0) break;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995);
      b ^= b >>> 15;
    }
    if (bytes[position] !== COLON || position - start < 6 || bytes[position + 1] !== SPACE) {
      return this.#session(host, pid, bytes, start, end);
    }
    this.#keyA = a | 0;
    this.#keyB = b | 1;
    const keyword = position + 2;
    const first = bytes[keyword];
    if (first === 0x74 && bytes[keyword + 1] === 0x6f && bytes[keyword + 2] === 0x3d) {
      return this.#delivery(host, bytes, keyword, end);
    }
    if (first === 0x66) {
      if (startsWith(bytes, keyword, end, fromField)) return this.#message(host, pid, bytes, keyword, end);
      if (startsWith(bytes, keyword, end, forward)) return this.#redirected();
      return false;
    }
    if (first === 0x61 && startsWith(bytes, keyword, end, alias)) return this.#redirected();
    if (first === 0x73 && startsWith(bytes, keyword, end, split)) {
      return this.#split(host, bytes, keyword + split.length, end);
    }
    if (first === 0x41 || first === 0x53) return this.#session(host, pid, bytes, keyword, end);
    return false;
  }

  /** A line of a session: AUTH, STARTTLS, or its end. */
  #session(host: Host, pid: number, bytes: Buffer, start: number, end: number): boolean {
    const at = this.#at;
    const process = host.seed ^ pid;
    if (startsWith(bytes, start, end, auth)) {
      const line = this.#auth;
      if (!line.read(bytes, start + auth.length, end)) return false;
      const { address } = line;
      this.tally.sendmailLines++;
      this.tally.saw(at);
      const user = this.#users.of(bytes, line.user, line.userEnd).id;
      const tls = this.#tls.versionOf(process, address, at);
      this.#sessions.authenticated(process, address, at, this.#order, user, tls === undefined);
      if (!isLoopback(address)) {
        const mechanism = this.#texts.of(bytes, line.mechanism, line.mechanismEnd);
        this.accounts.session(user, address, at, mechanism, tls);
      }
      return true;
    }
    if (startsWith(bytes, start, end, startTls)) {
      const line = this.#startTls;
      if (!line.read(bytes, start + startTls.length, end)) return false;
      const version = this.#texts.of(bytes, line.version, line.versionEnd);
      this.#tls.started(process, line.address, at, version);
      // Where sendmail shows AUTH in proto=, that tells sessions apart.
      const user = this.#sessions.encrypted(process, line.address, at, !host.showsAuth);
      if (user >= 0 && !isLoopback(line.address)) this.accounts.encrypted(user, version);
      return true;
    }
    return false;
  }

  /** A message that is delivered in parts, which have queue ids of their own: `split: count=1, id=…` (queue.c). */
  #split(host: Host, bytes: Buffer, start: number, end: number): boolean {
    const whole = { a: this.#keyA, b: this.#keyB };
    const ids =
      /, id(?:s|\(s\))?=(?<ids>[0-9A-Za-z;, ]+)$/.exec(bytes.toString('latin1', start, end))?.groups?.ids ?? '';
    for (const id of ids.match(/[0-9A-Za-z]{6,}/g) ?? []) {
      this.#key(host, Buffer.from(id, 'latin1'));
      if (this.#parts.size < MOST_SPLITS) this.#parts.set(this.#orphanKey(), whole);
    }
    return ids !== '';
  }

  /** Sets the key that a queue id has. */
  #key(host: Host, id: Buffer): void {
    let a = host.seed;
    let b = ~host.seed;
    for (const byte of id) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995);
      b ^= b >>> 15;
    }
    this.#keyA = a | 0;
    this.#keyB = b | 1;
  }

  #redirected(): boolean {
    const slot = this.#messages.find(this.#keyA, this.#keyB);
    if (slot < 0) return false;
    this.#messages.mark(slot, FORWARDED);
    return true;
  }

  #message(host: Host, pid: number, bytes: Buffer, start: number, end: number): boolean {
    const line = this.#from;
    if (!line.read(bytes, start, end)) return false;
    const at = this.#at;
    const { tally } = this;
    tally.sendmailLines++;
    tally.saw(at);
    const process = host.seed ^ pid;
    const slot = this.#messages.add(this.#keyA, this.#keyB, at, line.address, process, this.#order, line.remote);
    if (slot < 0) return true;
    tally.messages++;
    if (!line.remote || isLoopback(line.address)) {
      this.#messages.mark(slot, LOCAL);
      return true;
    }
    if (line.authenticated) host.showsAuth = true;
    const user = this.#sessions.userOf(process, line.address, at, host.showsAuth, line.authenticated);
    if (user >= 0) this.#messages.setSession(slot, user);
    if (line.authenticated) this.#messages.mark(slot, AUTHENTICATED);
    if (this.#orphans.size > 0) this.#adopt(host, slot);
    return true;
  }

  /** A delivery of this message came before its beginning. */
  #adopt(host: Host, slot: number): void {
    const key = this.#orphanKey();
    const orphan = this.#orphans.get(key);
    if (orphan === undefined) return;
    this.#orphans.delete(key);
    this.#rights.delivered(orphan.due, host, slot, orphan.recipients);
  }

  #orphanKey(): number {
    return (this.#keyA >>> 0) * 2097152 + ((this.#keyB >>> 0) & 2097151);
  }

  #delivery(host: Host, bytes: Buffer, start: number, end: number): boolean {
    const line = this.#to;
    const disposition = line.read(bytes, start, end);
    this.tally.sendmailLines++;
    if (disposition === 'other') {
      if (line.local) this.#recipients.learn(bytes, line.start, line.end);
      return true;
    }
    const whole = this.#parts.size > 0 ? this.#parts.get(this.#orphanKey()) : undefined;
    if (whole !== undefined) {
      this.#keyA = whole.a;
      this.#keyB = whole.b;
    }
    const slot = this.#messages.find(this.#keyA, this.#keyB);
    if (disposition === 'deferred') {
      if (slot >= 0) this.#messages.deferred(slot);
      return true;
    }
    const flags = slot < 0 ? 0 : this.#messages.flags(slot);
    if ((flags & (LOCAL | COUNTED)) !== 0) return true;
    if (disposition === 'handed') {
      if (slot >= 0) this.#rights.handed(slot);
      return true;
    }
    const recipients = this.#recipients.kind(bytes, line.start, line.end, (flags & FORWARDED) !== 0);
    if (recipients === INBOUND) return true;
    if (recipients === PROPER) host.showsBrackets = true;
    if (slot >= 0) this.#rights.delivered(this.#at, host, slot, recipients);
    else this.#orphan(this.#at, recipients);
    return true;
  }

  #orphan(due: number, recipients: number): void {
    const key = this.#orphanKey();
    if (this.#orphans.has(key)) return;
    this.#orphans.set(key, { due, recipients });
    if (this.#orphans.size > MOST_ORPHANS) {
      for (const oldest of this.#orphans.keys()) {
        this.#orphans.delete(oldest);
        this.tally.withoutBeginning++;
        break;
      }
    }
  }

  /** Everything before that time has been read, as far as can be told. */
  advance(until: number): void {
    this.#rights.advance(until);
    this.authorisations.sweep(until - 2 * 86_400_000);
  }

  /** A line of a program that may be one of these POP servers. Returns whether it was of use. */
  pop(at: number, servers: Candidates, pid: number, bytes: Buffer, start: number, end: number): boolean {
    const read = this.#logins.read(at, servers, pid, bytes, start, end);
    if (read === undefined || read === 'begun') return read === 'begun';
    this.#loggedIn(read);
    return true;
  }

  /** The login that was seen last, once more. */
  again(at: number): void {
    const { server, user } = this.#last;
    if (server === undefined || user === undefined) return;
    this.#loggedIn({ server, user, address: this.#lastAddress, own: undefined, at });
  }

  #loggedIn({ server, user, address, own, at }: PopLogin): void {
    // Mostly it is the same as last time.
    if (own !== undefined && !isSame(own, this.#lastOwn) && this.own.size < MOST_OWN) {
      this.#lastOwn.set(own);
      this.own.add(addressText(own));
    }
    this.tally.saw(at);
    this.tally.popLogins++;
    server.count.logins++;
    this.#last.server = server;
    this.#last.user = user;
    for (let word = 0; word < 4; word++) this.#lastAddress[word] = address[word] as number;
    this.accounts.login(user.id, user.name, address, at, this.authorisations.login(address, user.id, at));
  }

  /** All has been read. */
  finish(): void {
    this.tally.forwarded += this.#recipients.forwarded;
    this.#rights.finish();
    this.tally.withoutBeginning += this.#orphans.size;
    this.#orphans.clear();
    for (const address of this.own) this.tally.unexplained.delete(address);
  }
}
