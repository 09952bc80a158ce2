/**
 * SOCKS5 (RFC 1928, RFC 1929) towards the lab, by which a client on the host connects from a client address of its
 * choice: the user name is the source address, the password is the run's secret.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

const VERSION = 5;
const METHOD_PASSWORD = 2;
const REPLY = { ok: 0, failure: 1, notAllowed: 2, unreachable: 4, refused: 5, unsupported: 7 } as const;

type Source = (address: string) => Promise<void>;

/** Reads exactly so many octets from a paused socket; what follows stays in it. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  let held = Buffer.alloc(0);
  for (;;) {
    // Whatever is there is taken: a 'readable' listener on a stream that holds something fires at once, for ever.
    const chunk = (socket.read(length - held.length) ?? socket.read()) as Buffer | null;
    if (chunk !== null) {
      held = Buffer.concat([held, chunk]);
      if (held.length === length) {
        return held;
      }
      continue;
    }
    if (socket.destroyed || socket.readableEnded) {
      throw new Error('closed in the middle of a request');
    }
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error) => {
        socket.off('readable', onReadable).off('close', onClose).off('error', settle);
        error ? reject(error) : resolve();
      };
      const onReadable = () => settle();
      const onClose = () => settle(new Error('closed'));
      socket.once('readable', onReadable).once('close', onClose).once('error', settle);
    });
  }
}

const byte = async (socket: Socket) => (await read(socket, 1)).readUInt8(0);
const text = async (socket: Socket) => {
  const length = await byte(socket);
  return length === 0 ? '' : (await read(socket, length)).toString('latin1');
};

async function readHost(socket: Socket): Promise<string> {
  const type = await byte(socket);
  if (type === 1) {
    return [...(await read(socket, 4))].join('.');
  }
  if (type === 4) {
    return (await read(socket, 16)).toString('hex').match(/.{4}/g)?.join(':') ?? '';
  }
  return text(socket);
}

function reply(socket: Socket, code: number): void {
  socket.write(Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]));
}

async function serve(socket: Socket, password: string, prepare: Source): Promise<void> {
  await byte(socket);
  await text(socket);
  socket.write(Buffer.from([VERSION, METHOD_PASSWORD]));
  await byte(socket);
  const source = await text(socket);
  if ((await text(socket)) !== password) {
    socket.end(Buffer.from([1, 1]));
    return;
  }
  socket.write(Buffer.from([1, 0]));
  const [, command] = await read(socket, 3);
  const host = await readHost(socket);
  const port = (await read(socket, 2)).readUInt16BE(0);
  if (command !== 1) {
    reply(socket, REPLY.unsupported);
    socket.end();
    return;
  }
  await prepare(source);
  const upstream = connect({ host, port, localAddress: source, noDelay: true });
  let connected = false;
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // Once connected, 'close' passes the failure on; a word of ours would stand among the target's.
    if (!connected) {
      if (socket.writable) {
        reply(socket, error.code === 'ECONNREFUSED' ? REPLY.refused : REPLY.unreachable);
      }
      socket.end();
    }
  });
  upstream.once('connect', () => {
    connected = true;
    reply(socket, REPLY.ok);
    // A reset on one side must be one on the other: who closed, and how, is evidence.
    socket.pipe(upstream).pipe(socket);
    upstream.on('close', (failed) => (failed ? socket.resetAndDestroy() : socket.destroySoon()));
    socket.on('close', () => upstream.destroy());
  });
}

/** Starts the server on all addresses of the container. `prepare` makes a source address usable. */
export function startSocksServer(port: number, password: string, prepare: Source): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket, password, prepare).catch((error: Error) => {
      console.error(`socks: ${error.message}`);
      if (socket.writable) {
        reply(socket, REPLY.failure);
        socket.end();
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}
