import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A server on loopback for the tests of the clients, which says what no honest server would. */
export type ScriptedPeer = {
  port: number;
  /** Source ports, lines and other octets as they arrived, latin1. */
  received: string[];
  close: () => Promise<void>;
};

/** Starts a peer: `onLine` answers each line (undefined: silence), and may do anything else to the socket. */
export async function startPeer(
  greeting: string | undefined,
  onLine: (line: string, socket: net.Socket) => string | undefined = () => undefined,
): Promise<ScriptedPeer> {
  const received: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    let partial = '';
    socket.on('error', () => {});
    socket.on('data', (octets) => {
      const lines = (partial + octets.toString('latin1')).split('\r\n');
      partial = lines.pop() ?? '';
      for (const line of lines) {
        received.push(line);
        const answer = onLine(line, socket);
        if (answer !== undefined && !socket.destroyed) socket.write(answer);
      }
    });
    if (greeting !== undefined) socket.write(greeting);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Every form in which a text might stand in a transcript, for searching it. */
export function formsOf(text: string): string[] {
  const octets = Buffer.from(text, 'utf8');
  const hex = octets.toString('hex');
  return [text, octets.toString('base64').replace(/=+$/, ''), hex, hex.toUpperCase()];
}
