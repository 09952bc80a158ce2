import net from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDirectDial, dialDirect, dialThroughSocks } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

function listen(onSocket: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
  });
}

/** A SOCKS5 proxy (RFC 1928) that answers the request with `reply` and, in the same packet, with `early`. */
function listenAsProxy(reply: number, early = '', seen: Buffer[] = []): Promise<number> {
  return listen((socket) => {
    let step = 0;
    socket.on('data', (octets) => {
      seen.push(octets);
      step += 1;
      if (step === 1) socket.write(Buffer.from([5, 2]));
      else if (step === 2) socket.write(Buffer.from([1, 0]));
      else if (step === 3) {
        socket.write(Buffer.concat([Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 25]), Buffer.from(early)]));
      } else socket.write('250 ok\r\n');
    });
  });
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof DialogueError ? error.code : String(error)),
  );

const target = { host: '127.0.0.1', port: 25 };

describe('dialling directly', () => {
  it('connects from the address asked for', async () => {
    let seen: string | undefined;
    const port = await listen((socket) => {
      seen = socket.remoteAddress;
      socket.end('x');
    });
    const socket = await dialDirect('127.0.0.77', { host: '127.0.0.1', port });
    await new Promise((resolve) => socket.once('data', resolve));
    expect(seen).toBe('127.0.0.77');
    socket.destroy();
  });

  it('fails for an address that is not there, and by its deadline', async () => {
    const port = await listen(() => {});
    expect(await codeOf(dialDirect('192.0.2.1', { host: '127.0.0.1', port }))).toBe('CONNECT_FAILED');
    expect(await codeOf(dialDirect('', { host: '127.0.0.1', port }, AbortSignal.abort()))).toBe('ABORTED');
    // The clock runs out in the same turn of the event loop, before any connection can be there.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const dialling = codeOf(createDirectDial({ timeoutMs: 50 })('', { host: '127.0.0.1', port }));
    vi.advanceTimersByTime(50);
    vi.useRealTimers();
    expect(await dialling).toBe('CONNECT_TIMEOUT');
  });
});

describe('dialling through SOCKS', () => {
  const dial = (port: number, timeoutMs = 2_000) =>
    dialThroughSocks({ host: '127.0.0.1', port, password: 'proxy-password' }, { timeoutMs });

  it('names the source address as the user, with the password, and the target', async () => {
    const seen: Buffer[] = [];
    const port = await listenAsProxy(0, '', seen);
    const socket = await dial(port)('198.19.3.4', { host: '198.18.0.9', port: 2525 });
    socket.destroy();
    expect(seen[1]?.toString('latin1')).toBe('\x01\x0a198.19.3.4\x0eproxy-password');
    expect([...(seen[2] ?? [])]).toEqual([5, 1, 0, 1, 198, 18, 0, 9, 2525 >> 8, 2525 & 255]);
  });

  it('loses nothing of a greeting that comes with the proxy’s answer', async () => {
    const port = await listenAsProxy(0, '220 early ready\r\n');
    const dialogue = await SmtpDialogue.open({ dial: dial(port), from: '198.19.0.1', ...target, deadlineMs: 2_000 });
    expect(dialogue.banner.text).toBe('220 early ready');
    expect((await dialogue.send('NOOP')).code).toBe(250);
    dialogue.abruptClose();
  });

  it('keeps such a greeting also for a reader that comes later', async () => {
    const port = await listenAsProxy(0, '220 early\r\n');
    const socket = await dial(port)('198.19.0.1', target);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const octets = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(octets.toString()).toBe('220 early\r\n');
    socket.destroy();
  });

  it.each([
    [5, 'CONNECT_REFUSED'],
    [6, 'CONNECT_TIMEOUT'],
    [4, 'CONNECT_FAILED'],
    [1, 'CONNECT_FAILED'],
  ])('reads the proxy’s answer %i as %s', async (reply, code) => {
    expect(await codeOf(dial(await listenAsProxy(reply))('198.19.0.1', target))).toBe(code);
  });

  it('does not blame the target for a proxy that is not there', async () => {
    const port = await listen(() => {});
    servers.splice(0)[0]?.close();
    expect(await codeOf(dial(port)('198.19.0.1', target))).toBe('CONNECT_FAILED');
  });

  it('gives up on a silent proxy, and when it is told to', async () => {
    const port = await listen(() => {});
    expect(await codeOf(dial(port, 40)('198.19.0.1', target))).toBe('CONNECT_TIMEOUT');
    const controller = new AbortController();
    const dialling = codeOf(dial(port)('198.19.0.1', target, controller.signal));
    setTimeout(() => controller.abort(), 20);
    expect(await dialling).toBe('ABORTED');
  });

  it('keeps the proxy’s password out of its errors', async () => {
    const failure = await dial(await listenAsProxy(1))('198.19.0.1', target).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DialogueError);
    expect(`${String(failure)} ${JSON.stringify(failure)} ${(failure as Error).stack}`).not.toContain('proxy-password');
  });
});
