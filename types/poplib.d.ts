/** The part of poplib 0.1.7 that is used. `ok` alone proves nothing: look at the raw text. */
declare module 'poplib' {
  import type { EventEmitter } from 'node:events';

  interface Events {
    connect: [ok: boolean, raw: unknown];
    login: [ok: boolean, raw: string];
    list: [ok: boolean, count: number, number: number | undefined, sizes: unknown, listing: string];
    retr: [ok: boolean, number: number, message: string | undefined, raw: string];
    quit: [ok: boolean, raw: string];
    error: [error: Error];
    close: [];
    'invalid-state': [command: string];
    locked: [command: string];
  }

  class POP3Client extends EventEmitter<Events> {
    constructor(port: number, host: string, options?: { debug?: boolean });
    login(user: string, password: string): void;
    list(): void;
    retr(number: number): void;
    quit(): void;
    /** Ends the socket without QUIT. Throws after the server has ended the session. */
    end(): void;
  }

  export = POP3Client;
}
