/**
 * The external mail exchanger. It accepts every address form: a sink that refuses makes a relay look blocked, and
 * smtp-server's own parser answers 501 to what relay tricks produce.
 */
import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SinkRecord } from '../../../reports/model.ts';
import { describeMessage } from './message.ts';
import { type SinkMode, TOKEN } from './protocol.ts';

/** What is kept of one message; a hostile target may send more. */
const MAX_MESSAGE_BYTES = 1_000_000;

type ParsedAddress = { address: string; args: false };

/** Takes any argument of MAIL FROM and RCPT TO as an address, as it stands. */
export function parseAnyAddress(command: string): ParsedAddress {
  const argument = command.slice(command.indexOf(':') + 1).trim();
  const bracketed = /^<(.*)>(?:\s.*)?$/s.exec(argument);
  return { address: bracketed ? (bracketed[1] ?? '') : argument, args: false };
}

type Connection = {
  _parseAddressCommand: (name: string, command: Buffer | string) => ParsedAddress;
  connectionReady: (next?: () => void) => void;
};

/** Greets at once: the library holds every greeting back for 100 ms, to catch clients that speak too early. */
function greetAtOnce(connection: Connection): void {
  const greet = connection.connectionReady.bind(connection);
  let greeted = false;
  connection.connectionReady = (next) => {
    if (!greeted || next) {
      greeted = true;
      greet(next);
    }
  };
  setImmediate(() => connection.connectionReady());
}

class AcceptingServer extends SMTPServer {
  override connect(socket: Socket, socketOptions?: Parameters<SMTPServer['connect']>[1]): void {
    // Replies of several small writes must not wait for one another's acknowledgement.
    socket.setNoDelay(true);
    const before = new Set<unknown>(this.connections);
    super.connect(socket, socketOptions);
    for (const one of this.connections) {
      if (before.has(one)) {
        continue;
      }
      const connection = one as unknown as Connection;
      greetAtOnce(connection);
      connection._parseAddressCommand = (name, command) => {
        const parsed = parseAnyAddress(command.toString());
        // The server answers 501 to an empty recipient before it asks anybody.
        return name === 'rcpt to' && parsed.address === '' ? { ...parsed, address: '<>' } : parsed;
      };
    }
  }
}

/** Receives mail for the outside world and finds it again by token. */
export class Sink {
  readonly #addresses: string[];
  readonly #byToken = new Map<string, SinkRecord[]>();
  #servers: AcceptingServer[] = [];
  #mode: SinkMode = 'accept';

  constructor(addresses: string[]) {
    this.#addresses = addresses;
  }

  find(token: string): SinkRecord[] {
    return this.#byToken.get(token) ?? [];
  }

  #remember(record: SinkRecord, content: string): void {
    const everywhere = `${record.mailFrom}\n${record.rcptTo.join('\n')}\n${content}`;
    for (const token of new Set(everywhere.match(TOKEN) ?? [])) {
      this.#byToken.set(token, [...this.find(token), record]);
    }
  }

  #listen(address: string): Promise<AcceptingServer> {
    const server = new AcceptingServer({
      name: 'mx.outside.example',
      banner: 'relayproof sink',
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onConnect: (_session, callback) => {
        callback(this.#mode === 'refuse' ? Object.assign(new Error('The sink refuses'), { responseCode: 554 }) : null);
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        stream.on('data', (chunk: Buffer) => {
          if (bytes < MAX_MESSAGE_BYTES) {
            chunks.push(chunk);
          }
          bytes += chunk.length;
        });
        stream.on('end', () => {
          const content = Buffer.concat(chunks).toString('latin1');
          const { mailFrom, rcptTo } = session.envelope;
          // The record stands before the target hears 250, so that whoever sees "Sent" in its log finds it here.
          this.#remember(
            {
              at: new Date().toISOString(),
              remoteAddress: session.remoteAddress,
              ehlo: session.hostNameAppearsAs || '',
              mailFrom: mailFrom ? mailFrom.address : '',
              rcptTo: rcptTo.map((recipient) => recipient.address),
              bytes,
              ...describeMessage(content),
            },
            content,
          );
          callback(null, 'OK');
        });
      },
    });
    server.on('error', (error) => console.error(`sink: ${error.message}`));
    return new Promise((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(25, address, () => resolve(server));
    });
  }

  async setMode(mode: SinkMode): Promise<void> {
    this.#mode = mode;
    if (mode === 'stopped') {
      for (const server of this.#servers) {
        server.close();
      }
      this.#servers = [];
    } else if (this.#servers.length === 0) {
      this.#servers = await Promise.all(this.#addresses.map((address) => this.#listen(address)));
    }
  }
}
