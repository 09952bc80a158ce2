/**
 * SOCKS5 (RFC 1928, RFC 1929) towards the lab, by which a client on the host connects from a client address of its
 * choice: the user name is the source address, the password is the run's secret.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

const VERSION = 5;
const METHOD_PASSWORD = 2;
const REPLY = { ok: 0, failure: 1, unreachable: 4, refused: 5, unsupported: 7 } as const;

type Source = (address: string, host: string) => Promise<void>;

/**
 * A client's request and our replies to it. Replies are held back until more of the request is needed: a client that
 * says everything at once is answered with one packet.
 */
class Exchange {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #replies: number[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Reads exactly so many octets. */
  async read(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const chunk = this.#socket.read() as Buffer | null;
      if (chunk !== null) {
        this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
      } else if (this.#socket.destroyed || this.#socket.readableEnded) {
        throw new Error('closed in the middle of a request');
      } else {
        this.flush();
        await this.#more();
      }
    }
    const octets = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return octets;
  }

  #more(): Promise<void> {
    const socket = this.#socket;
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: Error) => {
        socket.off('readable', onReadable).off('close', onClose).off('error', settle);
        error ? reject(error) : resolve();
      };
      const onReadable = () => settle();
      const onClose = () => settle(new Error('closed'));
      socket.once('readable', onReadable).once('close', onClose).once('error', settle);
    });
  }

  async byte(): Promise<number> {
    return (await this.read(1)).readUInt8(0);
  }

  async text(): Promise<string> {
    const length = await this.byte();
    return length === 0 ? '' : (await this.read(length)).toString('latin1');
  }

  async host(): Promise<string> {
    const type = await this.byte();
    if (type === 1) {
      return [...(await this.read(4))].join('.');
    }
    if (type === 4) {
      return (await this.read(16)).toString('hex').match(/.{4}/g)?.join(':') ?? '';
    }
    return this.text();
  }

  reply(...octets: number[]): void {
    this.#replies.push(...octets);
  }

  answer(code: number): void {
    this.reply(VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0);
  }

  /** Sends the replies so far. */
  flush(): void {
    if (this.#replies.length > 0 && this.#socket.writable) {
      this.#socket.write(Buffer.from(this.#replies));
    }
    this.#replies = [];
  }

  /** Sends the replies so far and nothing after them. */
  end(): void {
    this.flush();
    this.#socket.end();
  }

  /** What the client said behind its request: meant for the other end. */
  rest(): Buffer {
    return this.#held;
  }
}

async function serve(socket: Socket, exchange: Exchange, password: string, prepare: Source): Promise<void> {
  await exchange.byte();
  await exchange.text();
  exchange.reply(VERSION, METHOD_PASSWORD);
  await exchange.byte();
  const source = await exchange.text();
  if ((await exchange.text()) !== password) {
    exchange.reply(1, 1);
    exchange.end();
    return;
  }
  exchange.reply(1, 0);
  const [, command] = await exchange.read(3);
  const host = await exchange.host();
  const port = (await exchange.read(2)).readUInt16BE(0);
  if (command !== 1) {
    exchange.answer(REPLY.unsupported);
    exchange.end();
    return;
  }
  await prepare(source, host);
  const upstream = connect({ host, port, localAddress: source, noDelay: true });
  let connected = false;
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // Once connected, 'close' passes the failure on; a word of ours would stand among the target's.
    if (!connected) {
      exchange.answer(error.code === 'ECONNREFUSED' ? REPLY.refused : REPLY.unreachable);
      exchange.end();
    }
  });
  upstream.once('connect', () => {
    connected = true;
    exchange.answer(REPLY.ok);
    exchange.flush();
    const early = exchange.rest();
    if (early.length > 0) {
      upstream.write(early);
    }
    // A reset on one side must be one on the other: who closed, and how, is evidence.
    socket.pipe(upstream).pipe(socket);
    upstream.on('close', (failed) => (failed ? socket.resetAndDestroy() : socket.destroySoon()));
    socket.on('close', () => upstream.destroy());
  });
}

/** Starts the server on all addresses of the container. `prepare` makes a source address usable towards a host. */
export function startSocksServer(port: number, password: string, prepare: Source): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    const exchange = new Exchange(socket);
    serve(socket, exchange, password, prepare).catch((error: Error) => {
      console.error(`socks: ${error.message}`);
      exchange.answer(REPLY.failure);
      exchange.end();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}
