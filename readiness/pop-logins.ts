/** Finds logins in the lines of POP servers, by the forms in pop-servers.ts. */
import { type AddressWords, newWords, readAddress, readAddressText } from './address.ts';
import { type LoginLine, type LoginLines, type LoginSpans, type PopServer, popServers } from './pop-servers.ts';
import { startsWith } from './starts-with.ts';
import { TextCache } from './text-cache.ts';

const MOST_BEGUN = 20_000;
/** Between the two lines of a login, in ms. */
const LONGEST_LOGIN = 600_000;

/** A server, and the logins of which only the address has been seen, by process. */
export type Server = PopServer & { begun: Map<number, { address: string; at: number }> };

/** `own` is the server’s address. Both addresses are the reader’s own numbers: good until the next line. */
export type PopLogin = { server: string; user: string; address: AddressWords; own: AddressWords | undefined };

export class PopLogins {
  readonly #programs = new Map<string, Server[]>();
  readonly #seen: ReadonlyMap<string, number>;
  readonly #texts = new TextCache();
  readonly #spans: LoginSpans = { user: 0, userEnd: 0, address: 0, addressEnd: 0, own: 0, ownEnd: 0 };

  /** @param seen the names of the servers that have been seen, which rule out others */
  constructor(imap: boolean, seen: ReadonlyMap<string, number>) {
    this.#seen = seen;
    for (const server of popServers) {
      if (server.protocol === 'imap' && !imap) continue;
      const known: Server = { ...server, begun: new Map() };
      for (const program of server.programs) {
        this.#programs.set(program, [...(this.#programs.get(program) ?? []), known]);
      }
    }
  }

  /** The servers that a program of that name may be. */
  servers(program: string): Server[] | undefined {
    return this.#programs.get(program.toLowerCase());
  }

  /** The login that a message tells of; `begun` if another line is to come. */
  read(
    at: number,
    servers: readonly Server[],
    process: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): PopLogin | 'begun' | undefined {
    for (const server of servers) {
      const { lines } = server;
      if (server.unless !== undefined && this.#seen.has(server.unless)) continue;
      const mark = markAt(lines.marks, bytes, start, end);
      if (mark === undefined) continue;
      if ('find' in lines) {
        if (lines.find(bytes, start + mark.length, end, this.#spans)) return this.#found(server, bytes);
        continue;
      }
      const text = bytes.toString('utf8', start, end);
      const login = 'login' in lines ? inOne(server, lines, text) : inTwo(at, server, lines, process, text);
      if (login !== undefined) return login;
    }
    return undefined;
  }

  #found(server: Server, bytes: Buffer): PopLogin | undefined {
    const { user, userEnd, address, addressEnd, own, ownEnd } = this.#spans;
    if (!readAddress(bytes, address, addressEnd, words)) return undefined;
    return {
      server: server.name,
      user: this.#texts.of(bytes, user, userEnd),
      address: words,
      own: readAddress(bytes, own, ownEnd, ownWords) ? ownWords : undefined,
    };
  }
}

const words = newWords();
const ownWords = newWords();

function loginOf(server: Server, user: string, address: string, own?: string): PopLogin | undefined {
  if (!readAddressText(address, words)) return undefined;
  const known = own !== undefined && readAddressText(own, ownWords);
  return { server: server.name, user, address: words, own: known ? ownWords : undefined };
}

function markAt(marks: readonly string[], bytes: Buffer, start: number, end: number): string | undefined {
  for (const mark of marks) if (startsWith(bytes, start, end, mark)) return mark;
  return undefined;
}

function inOne(server: Server, lines: LoginLine, text: string): PopLogin | undefined {
  const { user, address, own } = lines.login.exec(text)?.groups ?? {};
  if (user === undefined || user === '' || address === undefined) return undefined;
  return loginOf(server, user, address, own);
}

function inTwo(
  at: number,
  server: Server,
  lines: LoginLines,
  process: number,
  text: string,
): PopLogin | 'begun' | undefined {
  const begins = lines.address.exec(text)?.groups?.address;
  const { begun } = server;
  if (begins !== undefined) {
    begun.delete(process);
    begun.set(process, { address: begins, at });
    if (begun.size > MOST_BEGUN) {
      for (const oldest of begun.keys()) {
        begun.delete(oldest);
        break;
      }
    }
    return 'begun';
  }
  const { user, address } = lines.user.exec(text)?.groups ?? {};
  if (user === undefined) return undefined;
  const from = begun.get(process);
  begun.delete(process);
  if (address !== undefined) return loginOf(server, user, address);
  const near = from !== undefined && Math.abs(at - from.at) <= LONGEST_LOGIN;
  return near ? loginOf(server, user, from.address) : undefined;
}
