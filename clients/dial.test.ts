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

/**
 * A SOCKS5 proxy (RFC 1928) that answers the request with `reply` and, in the same packet, with `early`; or octet by
 * octet, where `cut`.
 */
function listenAsProxy(
  reply: number,
  early = '',
  { seen = [] as Buffer[], cut = false, replies = [5, 2, 1, 0] } = {},
): Promise<number> {
  return listen((socket) => {
    let step = 0;
    socket.on('data', (octets) => {
      seen.push(octets);
      step += 1;
      if (step === 1) {
        const answer = [...replies, 5, reply, 0, 1, 127, 0, 0, 1, 0, 25];
        const whole = Buffer.concat([Buffer.from(answer), Buffer.from(early)]);
        if (!cut) socket.write(whole);
        else for (const [index, octet] of whole.entries()) setTimeout(() => socket.write(Buffer.of(octet)), index);
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
    const port = await listenAsProxy(0, '', { seen });
    const said = async (host: string) => {
      const socket = await dial(port)('198.19.3.4', { host, port: 2525 });
      socket.destroy();
      const octets = Buffer.concat(seen.splice(0));
      const login = '\x05\x01\x02\x01\x0a198.19.3.4\x0eproxy-password';
      expect(octets.subarray(0, login.length).toString('latin1')).toBe(login);
      return [...octets.subarray(login.length)];
    };
    const at2525 = [2525 >> 8, 2525 & 255];
    expect(await said('198.18.0.9')).toEqual([5, 1, 0, 1, 198, 18, 0, 9, ...at2525]);
    expect(await said('2001:2:0:1::c:12')).toEqual(
      [5, 1, 0, 4, [0x20, 1, 0, 2, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0xc, 0, 0x12], at2525].flat(),
    );
    expect(await said('a.example')).toEqual([5, 1, 0, 3, 9, ...Buffer.from('a.example'), ...at2525]);
  });

  it('loses nothing of a greeting that comes with the proxy’s answer', async () => {
    const port = await listenAsProxy(0, '220 early ready\r\n');
    const dialogue = await SmtpDialogue.open({ dial: dial(port), from: '198.19.0.1', ...target, deadlineMs: 2_000 });
    expect(dialogue.banner.text).toBe('220 early ready');
    expect((await dialogue.send('NOOP')).code).toBe(250);
    dialogue.abruptClose();
  });

  it('reads an answer that comes octet by octet', async () => {
    const port = await listenAsProxy(0, '220 slow\r\n', { cut: true });
    const dialogue = await SmtpDialogue.open({ dial: dial(port), from: '198.19.0.1', ...target, deadlineMs: 2_000 });
    expect(dialogue.banner.text).toBe('220 slow');
    dialogue.abruptClose();
  });

  it.each([
    ['denies the password', [5, 2, 1, 1]],
    ['does not want one, and so would choose the source address itself', [5, 0]],
    ['is none', [0x32, 0x32, 0x30, 0x20]],
  ])('does not trust a proxy that %s', async (_, replies) => {
    expect(await codeOf(dial(await listenAsProxy(0, '', { replies }))('198.19.0.1', target))).toBe('CONNECT_FAILED');
  });

  it('fails if the proxy closes before it has answered', async () => {
    const port = await listen((socket) => socket.end(Buffer.from([5, 2, 1, 0])));
    expect(await codeOf(dial(port)('198.19.0.1', target))).toBe('CONNECT_FAILED');
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
