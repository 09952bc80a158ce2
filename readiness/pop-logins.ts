/** Finds logins in the lines of POP servers, by the forms in pop-servers.ts. */
import { type AddressWords, newWords, readAddress, readAddressText } from './address.ts';
import { type LoginLine, type LoginLines, type LoginSpans, type PopServer, popServers } from './pop-servers.ts';
import { startsWith, type Words, words as wordsOf } from './starts-with.ts';
import type { TextCache } from './text-cache.ts';

const MOST_BEGUN = 20_000;
/** Between the two lines of a login, in ms. */
const LONGEST_LOGIN = 600_000;

/** How many logins there have been in lines of one server, in whatever form. */
export type LoginCount = { logins: number };

/** One line of the two that tell of a login: the one with the address, or, where lines are out of order, with the user. */
type Begun = { address: string; user?: never; at: number } | { user: string; address?: never; at: number };

/** A server, and the logins of which only one line has been seen, by process. */
export type Server = PopServer & {
  begun: Map<number, Begun>;
  count: LoginCount;
  /** That of the server that says the same better. */
  better: LoginCount | undefined;
};

/** A server whose line begins with these words. */
type Candidate = { server: Server; mark: Words };

/** The POP servers that a program of that name may be: what begins their lines, by its first byte. */
export type Candidates = readonly (readonly Candidate[] | undefined)[];

/** A user by the name that stands in a line, and his number. */
export type NamedUser = { name: string; id: number };

/**
 * `own` is the server’s address, unless it is that of the login before. Both addresses are the reader’s own numbers: good until the next line. `at` is when it
 * was, in ms.
 */
export type PopLogin = {
  server: Server;
  user: NamedUser;
  address: AddressWords;
  own: AddressWords | undefined;
  at: number;
};

export class PopLogins {
  readonly #programs = new Map<string, Candidate[][]>();
  /** By the names of servers. */
  readonly counts = new Map<string, LoginCount>();
  readonly #users: TextCache<NamedUser>;
  /** As it stands in the line. */
  #lastOwn = new Uint8Array(0);
  readonly #spans: LoginSpans = { user: 0, userEnd: 0, address: 0, addressEnd: 0, own: 0, ownEnd: 0 };

  constructor(imap: boolean, users: TextCache<NamedUser>) {
    this.#users = users;
    for (const server of popServers) {
      if (server.protocol === 'imap' && !imap) continue;
      const better = server.unless === undefined ? undefined : this.#countOf(server.unless);
      const known: Server = { ...server, begun: new Map(), count: this.#countOf(server.name), better };
      for (const program of server.programs) {
        const candidates = this.#programs.get(program) ?? Array.from({ length: 256 }, () => []);
        this.#programs.set(program, candidates);
        for (const mark of server.lines.marks.map(wordsOf))
          candidates[mark[0] as number]?.push({ server: known, mark });
      }
    }
  }

  #countOf(name: string): LoginCount {
    const count = this.counts.get(name) ?? { logins: 0 };
    this.counts.set(name, count);
    return count;
  }

  /** The servers that a program of that name may be. */
  servers(program: string): Candidates | undefined {
    return this.#programs.get(program.toLowerCase());
  }

  /** The login that a message tells of; `begun` if another line is to come. */
  read(
    at: number,
    candidates: Candidates,
    process: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): PopLogin | 'begun' | undefined {
    const likely = candidates[bytes[start] as number] as readonly Candidate[];
    let looked: Server | undefined;
    for (let index = 0; index < likely.length; index++) {
      const { server, mark } = likely[index] as Candidate;
      if (server === looked || (server.better !== undefined && server.better.logins > 0)) continue;
      if (!startsWith(bytes, start, end, mark)) continue;
      looked = server;
      const { lines } = server;
      if ('find' in lines) {
        if (lines.find(bytes, start + mark.length, end, this.#spans)) return this.#found(server, bytes, at);
        continue;
      }
      const text = bytes.toString('utf8', start, end);
      const login = 'login' in lines ? inOne(lines, text) : inTwo(at, server.begun, lines, process, text);
      if (login === 'begun') return login;
      if (login !== undefined) return this.#read(server, login, at);
    }
    return undefined;
  }

  #found(server: Server, bytes: Buffer, at: number): PopLogin | undefined {
    const { user, userEnd, address, addressEnd, own, ownEnd } = this.#spans;
    if (!readAddress(bytes, address, addressEnd, words)) return undefined;
    return {
      server,
      user: this.#users.of(bytes, user, userEnd),
      address: words,
      own: this.#newOwn(bytes, own, ownEnd) ? ownWords : undefined,
      at,
    };
  }

  /** The server’s own address, if it is another one than last time. */
  #newOwn(bytes: Buffer, start: number, end: number): boolean {
    const last = this.#lastOwn;
    const length = end - start;
    if (length === last.length) {
      let at = 0;
      while (at < length && last[at] === bytes[start + at]) at++;
      if (at === length) return false;
    }
    this.#lastOwn = Uint8Array.from(bytes.subarray(start, end));
    return readAddress(bytes, start, end, ownWords);
  }

  #read(server: Server, { user, address, own, authenticated }: LoginText, at: number): PopLogin | undefined {
    if (!readAddressText(address, words)) return undefined;
    const known = own !== undefined && readAddressText(own, ownWords);
    return {
      server,
      user: this.#users.made(user),
      address: words,
      own: known ? ownWords : undefined,
      at: authenticated ?? at,
    };
  }
}

const words = newWords();
const ownWords = newWords();

/** As it stands in the line; and when it was, if that was in another line. */
type LoginText = { user: string; address: string; own?: string | undefined; authenticated?: number };

function inOne(lines: LoginLine, text: string): LoginText | undefined {
  const { user, address, own } = lines.login.exec(text)?.groups ?? {};
  return user === undefined || user === '' || address === undefined ? undefined : { user, address, own };
}

function inTwo(
  at: number,
  begun: Server['begun'],
  lines: LoginLines,
  process: number,
  text: string,
): LoginText | 'begun' | undefined {
  const begins = lines.address.exec(text)?.groups?.address;
  const before = begun.get(process);
  if (begins !== undefined) {
    begun.delete(process);
    // Of a login that began before it ended, whatever the order of the lines.
    if (before?.user !== undefined && at <= before.at && before.at - at <= LONGEST_LOGIN) {
      return { user: before.user, address: begins, authenticated: before.at };
    }
    return begin(begun, process, { address: begins, at });
  }
  const { user, address } = lines.user.exec(text)?.groups ?? {};
  if (user === undefined) return undefined;
  begun.delete(process);
  if (address !== undefined) return { user, address };
  if (before?.address !== undefined && Math.abs(at - before.at) <= LONGEST_LOGIN) {
    return { user, address: before.address };
  }
  return begin(begun, process, { user, at });
}

/** Remembers the first line of two that was seen. */
function begin(begun: Server['begun'], process: number, line: Begun): 'begun' {
  begun.set(process, line);
  if (begun.size > MOST_BEGUN) {
    for (const oldest of begun.keys()) {
      begun.delete(oldest);
      break;
    }
  }
  return 'begun';
}
