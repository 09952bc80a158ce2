import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { dialThroughSocks } from '../../../clients/dial.ts';
import { DialogueError } from '../../../clients/dialogue-error.ts';
import { startSocksServer } from './socks-server.ts';

const password = 'run-secret';
const prepared: string[] = [];
let unusable: string | undefined;
let proxy: net.Server;
const servers: net.Server[] = [];
const sockets = new Set<Socket>();

const portOf = (server: net.Server) => (server.address() as AddressInfo).port;

/** Starts a server on loopback; what it accepts is destroyed after the test. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
}

beforeAll(async () => {
  // In its container it listens everywhere; here on loopback alone.
  const { listen: original } = net.Server.prototype;
  const spy = vi.spyOn(net.Server.prototype, 'listen').mockImplementationOnce(function (
    this: net.Server,
    ...words: unknown[]
  ) {
    return original.call(this, { port: Number(words[0]), host: '127.0.0.1' }, words.at(-1) as () => void);
  });
  proxy = await startSocksServer(0, password, async (source) => {
    prepared.push(source);
    if (source === unusable) {
      throw new Error('no such address');
    }
  });
  spy.mockRestore();
});
afterAll(() => {
  proxy.close();
});
beforeEach(() => {
  prepared.length = 0;
  unusable = undefined;
  // The server says what went wrong on the container's log.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const socket of sockets) {
    socket.destroy();
  }
  sockets.clear();
  for (const server of servers.splice(0)) {
    server.close();
  }
});

const dial = async (from: string, port: number, secret = password) => {
  const open = dialThroughSocks({ host: '127.0.0.1', port: portOf(proxy), password: secret }, { timeoutMs: 5_000 });
  const socket = await open(from, { host: '127.0.0.1', port });
  sockets.add(socket);
  socket.on('error', () => {});
  return socket;
};
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'connected',
    (error: unknown) => (error instanceof DialogueError ? error.code : String(error)),
  );

/** Everything until the end, and how it came. */
function readAll(socket: Socket): Promise<{ text: string; ended: boolean; failed: boolean }> {
  const chunks: Buffer[] = [];
  let ended = false;
  socket
    .on('data', (chunk) => chunks.push(chunk))
    .on('end', () => {
      ended = true;
    });
  return new Promise((resolve) => {
    socket.on('close', (failed) => resolve({ text: Buffer.concat(chunks).toString('latin1'), ended, failed }));
  });
}

describe('a connection', () => {
  test.each(['127.0.0.2', '127.0.0.200', '127.1.2.3'])('comes from the address asked for: %s', async (from) => {
    const seen: (string | undefined)[] = [];
    const port = await listen((socket) => {
      seen.push(socket.remoteAddress);
      socket.end('x');
    });
    await readAll(await dial(from, port));
    expect(seen).toEqual([from]);
    expect(prepared).toEqual([from]);
  });

  test('has a banner that comes in the first packet', async () => {
    const port = await listen((socket) => socket.end('220 mail.hosting.example ESMTP\r\n'));
    expect(await readAll(await dial('127.0.0.2', port))).toEqual({
      text: '220 mail.hosting.example ESMTP\r\n',
      ended: true,
      failed: false,
    });
  });

  test('carries octets both ways, all of them and unchanged', async () => {
    const octets = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7 + (n >> 8)) & 255));
    const port = await listen((socket) => socket.pipe(socket));
    const socket = await dial('127.0.0.2', port);
    const chunks: Buffer[] = [];
    socket.write(octets);
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      if (chunks.reduce((sum, { length }) => sum + length, 0) >= octets.length) {
        break;
      }
    }
    expect(Buffer.concat(chunks).equals(octets)).toBe(true);
  });

  test('takes what is sent right behind the request to the other end', async () => {
    const port = await listen((socket) => socket.once('data', (chunk) => socket.end(`<${chunk}>`)));
    const raw = net.connect({ host: '127.0.0.1', port: portOf(proxy) });
    sockets.add(raw);
    const user = '127.0.0.2';
    raw.write(Buffer.from([5, 1, 2]));
    raw.write(Buffer.concat([Buffer.from([1, user.length]), Buffer.from(user), Buffer.from([password.length])]));
    raw.write(Buffer.concat([Buffer.from(password), Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255])]));
    raw.write('EHLO');
    const { text } = await readAll(raw);
    expect(text).toBe('\x05\x02\x01\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00<EHLO>');
  });
});

describe('the end of a connection', () => {
  test('is an orderly one if it was one on the other', async () => {
    const port = await listen((socket) => socket.end('221 bye\r\n'));
    expect(await readAll(await dial('127.0.0.2', port))).toEqual({ text: '221 bye\r\n', ended: true, failed: false });
  });

  test('is a reset if it was one on the other, and nothing is put into the stream', async () => {
    const silent = await listen((socket) => setTimeout(() => socket.resetAndDestroy(), 20));
    expect(await readAll(await dial('127.0.0.2', silent))).toEqual({ text: '', ended: false, failed: true });
    const after = await listen((socket) => {
      socket.write('220 hello\r\n');
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect(await readAll(await dial('127.0.0.2', after))).toMatchObject({ text: '220 hello\r\n', failed: true });
  });

  test('reaches the target when the client goes away', async () => {
    const closed = new Promise((resolve) => {
      void listen((socket) => socket.resume().on('close', resolve)).then((port) =>
        dial('127.0.0.2', port).then((socket) => socket.destroy()),
      );
    });
    await closed;
  });
});

test('a request that comes octet by octet is served', async () => {
  const port = await listen((socket) => socket.end('220 hello\r\n'));
  const raw = net.connect({ host: '127.0.0.1', port: portOf(proxy), noDelay: true });
  sockets.add(raw);
  const end = readAll(raw);
  const user = '127.0.0.2';
  const request = Buffer.concat([
    Buffer.from([5, 1, 2, 1, user.length]),
    Buffer.from(user),
    Buffer.from([password.length]),
    Buffer.from(password),
    Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]),
  ]);
  for (const octet of request) {
    raw.write(Buffer.from([octet]));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect((await end).text).toContain('220 hello');
});

describe('no connection', () => {
  test('is made with a wrong password: the target hears nothing', async () => {
    const onSocket = vi.fn();
    const port = await listen(onSocket);
    expect(await codeOf(dial('127.0.0.2', port, 'wrong'))).toBe('CONNECT_FAILED');
    expect(await codeOf(dial('127.0.0.2', port, `${password}x`))).toBe('CONNECT_FAILED');
    expect([onSocket.mock.calls, prepared]).toEqual([[], []]);
  });

  test('to a port where nobody listens is a refused one', async () => {
    const port = await listen(() => {});
    servers.splice(0)[0]?.close();
    expect(await codeOf(dial('127.0.0.2', port))).toBe('CONNECT_REFUSED');
  });

  test('is made from an address that the machine does not have, or that cannot be prepared', async () => {
    const onSocket = vi.fn();
    const port = await listen(onSocket);
    expect(await codeOf(dial('192.0.2.1', port))).toBe('CONNECT_FAILED');
    unusable = '127.0.0.9';
    expect(await codeOf(dial('127.0.0.9', port))).toBe('CONNECT_FAILED');
    expect(onSocket).not.toHaveBeenCalled();
    expect(await codeOf(dial('127.0.0.8', port))).toBe('connected');
  });

  test('is made for another command than CONNECT', async () => {
    const raw = net.connect({ host: '127.0.0.1', port: portOf(proxy) });
    sockets.add(raw);
    const end = readAll(raw);
    raw.write(Buffer.concat([Buffer.from([5, 1, 2, 1, 1, 0x78, password.length]), Buffer.from(password)]));
    raw.write(Buffer.from([5, 2, 0, 1, 127, 0, 0, 1, 0, 25]));
    expect((await end).text.slice(0, 6)).toBe('\x05\x02\x01\x00\x05\x07');
    expect(prepared).toEqual([]);
  });

  test.each([0, 1, 3, 4, 5, 8, 9])(
    'comes of a request that ends after %i octets, and the server goes on',
    async (length) => {
      const whole = Buffer.concat([Buffer.from([5, 1, 2, 1, 1, 0x78, password.length]), Buffer.from(password)]);
      const raw = net.connect({ host: '127.0.0.1', port: portOf(proxy) });
      sockets.add(raw);
      const end = readAll(raw);
      raw.end(whole.subarray(0, length));
      await end;
      const port = await listen((socket) => socket.end('x'));
      expect((await readAll(await dial('127.0.0.2', port))).text).toBe('x');
    },
  );
});
