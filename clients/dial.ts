import net from 'node:net';
import { groupsOf } from '../containers/lab/agent/zone.ts';
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
      const request = askingFor(from, proxy.password, to);
      return await askProxy(connection, request, Math.max(1, deadline - performance.now()));
    } catch (error) {
      connection.destroy();
      if (signal?.aborted === true) throw new DialogueError('ABORTED', 'connect');
      throw fromSocks(error, `from ${from} to ${to.host}:${to.port}`);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

/** What the proxy's answer may be (RFC 1928 section 6), in words. */
const ANSWERS: Record<number, string> = {
  1: 'general failure',
  2: 'not allowed',
  3: 'network unreachable',
  4: 'host unreachable',
  7: 'command not supported',
  8: 'address type not supported',
};

/** The method (user name and password), the user name with the password, and the request: RFC 1928 and RFC 1929. */
function askingFor(from: string, password: string, to: { host: string; port: number }): Buffer {
  const counted = (text: string) => {
    const octets = Buffer.from(text, 'latin1');
    return [octets.length, ...octets];
  };
  const host =
    net.isIP(to.host) === 4
      ? [1, ...to.host.split('.').map(Number)]
      : net.isIP(to.host) === 6
        ? [
            4,
            ...Buffer.from(
              groupsOf(to.host)
                .map((group) => group.padStart(4, '0'))
                .join(''),
              'hex',
            ),
          ]
        : [3, ...counted(to.host)];
  return Buffer.from([
    ...[5, 1, 2],
    ...[1, ...counted(from), ...counted(password)],
    ...[5, 1, 0, ...host, to.port >> 8, to.port & 255],
  ]);
}

/** The length of the proxy's whole answer, as soon as it can be told; throws where the proxy says no. */
function lengthOfAnswer(octets: Buffer): number | undefined {
  const [version, method, , denied] = octets;
  if (version !== undefined && version !== 5) throw new Error('the proxy speaks another protocol');
  if (method !== undefined && method !== 2) throw new Error('the proxy does not ask for a password');
  if (denied !== undefined && denied !== 0) throw new Error('the proxy denies access');
  const answer = octets.subarray(4);
  const [, code, , type, first] = answer;
  if (code === 5) throw new DialogueError('CONNECT_REFUSED', 'connect');
  if (code === 6) throw new DialogueError('CONNECT_TIMEOUT', 'connect');
  if (code !== undefined && code !== 0) throw new Error(`the proxy answers: ${ANSWERS[code] ?? code}`);
  if (type === undefined || first === undefined) return undefined;
  return 4 + 6 + (type === 1 ? 4 : type === 4 ? 16 : 1 + first);
}

/**
 * Asks the proxy all at once and reads its answer. The proxy is our own, and its wants are known: waiting for each of
 * its three replies would cost a round trip each. What follows the answer stays in the socket, unread.
 */
function askProxy(connection: net.Socket, request: Buffer, timeoutMs: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    let held: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => settle(new DialogueError('CONNECT_TIMEOUT', 'connect')), timeoutMs);
    const onReadable = () => {
      for (let chunk: Buffer | null = connection.read(); chunk !== null; chunk = connection.read()) {
        held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      }
      try {
        const length = lengthOfAnswer(held);
        if (length !== undefined && held.length >= length) settle(undefined, held.subarray(length));
      } catch (error) {
        settle(error as Error);
      }
    };
    const onEnd = () => settle(new Error('the proxy closed the connection'));
    connection.on('readable', onReadable).on('end', onEnd).on('close', onEnd);
    connection.write(request);

    function settle(failure?: Error, early?: Buffer): void {
      clearTimeout(timer);
      connection.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      // A server speaks first, and its greeting may have arrived in the same packet as the proxy's answer.
      if (early !== undefined && early.length > 0) connection.unshift(early);
      resolve(connection);
    }
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

/** Says where it happened. */
function fromSocks(error: unknown, where: string): DialogueError {
  if (error instanceof DialogueError) return new DialogueError(error.code, 'connect', where);
  return new DialogueError('CONNECT_FAILED', 'connect', `${where}: ${error instanceof Error ? error.message : error}`);
}
