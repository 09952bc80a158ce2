/** The harness's end of the line to the lab's agent. */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { AgentAnswer, AgentReply, AgentRequest } from './agent/protocol.ts';

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** Sends requests over one connection; the agent answers in order. */
export class AgentLink {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #broken: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (line) => {
      const reply = JSON.parse(line) as AgentReply;
      const waiting = this.#waiting.shift();
      reply.ok ? waiting?.resolve(reply.value) : waiting?.reject(new Error(`the lab's agent: ${reply.error}`));
    });
    const fail = (error?: Error) => {
      this.#broken ??= new Error(`the lab's agent is gone${error ? `: ${error.message}` : ''}`);
      for (const waiting of this.#waiting.splice(0)) {
        waiting.reject(this.#broken);
      }
    };
    socket.on('error', fail).on('close', () => fail());
  }

  static async open(host: string, port: number, secret: string): Promise<AgentLink> {
    const socket = connect({ host, port, noDelay: true });
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
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
