/** The harness's end of the line to the lab's agent. */
import { BlockList, connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import type { AgentAnswer, AgentReply, AgentRequest } from './agent/protocol.ts';

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** Where a port of the agent is reached. */
export type Door = { host: string; port: number };

/**
 * Whether an IPv4 address lies in a network that this machine has an interface in. A container's own address is reached
 * there without the engine's proxy, which copies every octet of a published port; where the engine runs in a network
 * namespace of its own (rootless), the published port is the only way.
 */
export function isNeighbour(address: string, interfaces = networkInterfaces()): boolean {
  const networks = new BlockList();
  for (const { family, cidr, internal } of Object.values(interfaces).flatMap((one) => one ?? [])) {
    if (family === 'IPv4' && cidr !== null && !internal) {
      const [network = '', length] = cidr.split('/');
      networks.addSubnet(network, Number(length), 'ipv4');
    }
  }
  return networks.check(address);
}

/** Sends requests over one connection; the agent answers in order. */
export class AgentLink {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #broken: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      const reply = JSON.parse(line) as AgentReply;
      const waiting = this.#waiting.shift();
      reply.ok ? waiting?.resolve(reply.value) : waiting?.reject(new Error(`the lab's agent: ${reply.error}`));
    });
    // It says again what the socket says, and ends the process if nobody listens.
    lines.on('error', () => {});
    const fail = (error?: Error) => {
      this.#broken ??= new Error(`the lab's agent is gone${error ? `: ${error.message}` : ''}`);
      for (const waiting of this.#waiting.splice(0)) {
        waiting.reject(this.#broken);
      }
    };
    socket.on('error', fail).on('close', () => fail());
  }

  static async open(door: Door, secret: string): Promise<AgentLink> {
    const socket = connect({ ...door, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    socket.write(`${secret}\n`);
    return new AgentLink(socket);
  }

  /** @throws Error if the agent cannot do it, or is gone */
  ask<R extends AgentRequest>(request: R): Promise<AgentAnswer<R['do']>> {
    if (this.#broken) {
      return Promise.reject(this.#broken);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (value: unknown) => void, reject });
      // Attempts that were waiting for the same line of the log ask in the same turn: one packet takes all of that.
      if (this.#socket.writableCorked === 0) {
        this.#socket.cork();
        setImmediate(() => this.#socket.uncork());
      }
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
