import net from 'node:net';
import { SocksClient } from 'socks';
import { DialogueError } from './dialogue-error.ts';

/**
 * Opens a TCP connection to `to` whose source address, as the target sees it, is `from`.
 * Nothing has been read from the socket yet. Fails with a DialogueError of phase `connect`.
 */
export type Dial = (from: string, to: { host: string; port: number }, signal?: AbortSignal) => Promise<net.Socket>;

const CONNECT_TIMEOUT_MS = 15_000;

/** Connects without a proxy, for a host that owns the source addresses itself. `from` may be empty. Times in ms. */
export function createDirectDial(timing: { timeoutMs?: number } = {}): Dial {
  const timeoutMs = timing.timeoutMs ?? CONNECT_TIMEOUT_MS;
  return (from, to, signal) => connectTcp({ ...to, ...(from === '' ? {} : { localAddress: from }) }, timeoutMs, signal);
}

/** `createDirectDial` with its default timeout. */
export const dialDirect: Dial = createDirectDial();

/**
 * Connects through a SOCKS5 proxy (RFC 1928) that takes the user name (RFC 1929) as the source address to use.
 * The proxy must insist on the user name: one that is content without would choose a source address of its own.
 */
export function dialThroughSocks(
  proxy: { host: string; port: number; password: string },
  timing: { timeoutMs?: number } = {},
): Dial {
  const timeoutMs = timing.timeoutMs ?? CONNECT_TIMEOUT_MS;
  return async (from, to, signal) => {
    const deadline = performance.now() + timeoutMs;
    const connection = await connectTcp({ host: proxy.host, port: proxy.port }, timeoutMs, signal).catch(
      (error: unknown) => {
        // A proxy that refuses says nothing about the target.
        if (!(error instanceof DialogueError) || error.code !== 'CONNECT_REFUSED') throw error;
        throw new DialogueError('CONNECT_FAILED', 'connect', `the proxy at ${proxy.host}:${proxy.port} is not there`);
      },
    );
    const onAbort = () => connection.destroy();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await askProxy(connection, proxy, from, to, Math.max(1, deadline - performance.now()));
    } catch (error) {
      connection.destroy();
      if (signal?.aborted === true) throw new DialogueError('ABORTED', 'connect');
      throw fromSocks(error, `from ${from} to ${to.host}:${to.port}`);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

function askProxy(
  connection: net.Socket,
  proxy: { host: string; port: number; password: string },
  from: string,
  to: { host: string; port: number },
  timeoutMs: number,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const client = new SocksClient({
      command: 'connect',
      destination: { host: to.host, port: to.port },
      proxy: { host: proxy.host, port: proxy.port, type: 5, userId: from, password: proxy.password },
      timeout: timeoutMs,
    });
    client.on('error', reject);
    client.on('established', (established) => {
      const { socket } = established;
      // A server speaks first, and its greeting may arrive in the same packet as the proxy's answer. The library would
      // emit those bytes and start the flow before anybody listens: let it do so to a stand-in that puts them back.
      const standIn = new net.Socket();
      standIn.on('data', (early: Buffer) => socket.unshift(early));
      established.socket = standIn;
      // It has paused the real socket, which is to flow to its first reader like one that was dialled directly.
      const onListener = (event: string | symbol) => {
        if (event !== 'data') return;
        socket.removeListener('newListener', onListener);
        queueMicrotask(() => socket.resume());
      };
      socket.on('newListener', onListener);
      setImmediate(() => resolve(socket));
    });
    client.connect(connection);
  });
}

function connectTcp(target: net.TcpNetConnectOpts, timeoutMs: number, signal?: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new DialogueError('ABORTED', 'connect'));
      return;
    }
    const where = `to ${target.host ?? ''}:${target.port}`;
    const socket = net.connect({ ...target, noDelay: true });
    // Stays for good: an error between this promise and its consumer must not end the process.
    socket.on('error', (error) => settle(fromSystem(error, where)));
    const timer = setTimeout(
      () => settle(new DialogueError('CONNECT_TIMEOUT', 'connect', `${where}, ${Math.round(timeoutMs)} ms`)),
      timeoutMs,
    );
    const onAbort = () => settle(new DialogueError('ABORTED', 'connect'));
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => settle());

    function settle(failure?: DialogueError): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (failure === undefined) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(failure);
    }
  });
}

function fromSystem(error: Error & { code?: string }, where: string): DialogueError {
  if (error.code === 'ECONNREFUSED') return new DialogueError('CONNECT_REFUSED', 'connect', where);
  if (error.code === 'ETIMEDOUT') return new DialogueError('CONNECT_TIMEOUT', 'connect', where);
  return new DialogueError('CONNECT_FAILED', 'connect', `${where}: ${error.message}`);
}

/** The library's error object holds the proxy's password, so neither it nor a reference to it goes further. */
function fromSocks(error: unknown, where: string): DialogueError {
  if (error instanceof DialogueError) return error;
  const said = error instanceof Error ? error.message : String(error);
  if (said.includes('ConnectionRefused')) return new DialogueError('CONNECT_REFUSED', 'connect', where);
  if (said.includes('TTLExpired') || said.includes('timed out')) {
    return new DialogueError('CONNECT_TIMEOUT', 'connect', where);
  }
  return new DialogueError('CONNECT_FAILED', 'connect', `${where}: ${said}`);
}
