/** One shell in a container that stays open: a command costs a round trip, not a new process in the engine. */

import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import type { Docker } from '../engine/find-engine.ts';

export type ShellResult = { status: number; output: string };

type Pending = { marker: string; resolve: (result: ShellResult) => void; reject: (error: Error) => void };

const MAX_OUTPUT = 4_000_000;

/** Quotes a word for the shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Runs commands one after another. Each answer ends with a marker of its own and the exit status, so that a cut
 * output is noticed.
 */
export class ContainerShell {
  readonly #stream: Duplex;
  readonly #queue: Pending[] = [];
  #received = '';
  #broken: Error | undefined;

  private constructor(stream: Duplex, output: PassThrough) {
    this.#stream = stream;
    output.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    stream.on('error', (error: Error) => this.#fail(error)).on('close', () => this.#fail(new Error('closed')));
    stream.on('end', () => this.#fail(new Error('ended')));
  }

  static async open(docker: Docker, containerId: string): Promise<ContainerShell> {
    const exec = await docker.getContainer(containerId).exec({
      Cmd: ['/bin/sh'],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const output = new PassThrough();
    docker.modem.demuxStream(stream, output, output);
    return new ContainerShell(stream, output);
  }

  /** @throws Error if the container is gone or the command does not end within the deadline (milliseconds) */
  run(command: string, deadlineMs = 20_000): Promise<ShellResult> {
    if (this.#broken) {
      return Promise.reject(this.#broken);
    }
    const marker = `--${randomBytes(8).toString('hex')}`;
    return new Promise<ShellResult>((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(new Error(`no answer within ${deadlineMs} ms to: ${command}`)),
        deadlineMs,
      );
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      this.#queue.push({ marker, resolve: settle(resolve), reject: settle(reject) });
      this.#stream.write(`{ ${command}\n} < /dev/null 2>&1; echo "${marker} $?"\n`);
    });
  }

  #take(text: string): void {
    this.#received += text;
    if (this.#received.length > MAX_OUTPUT) {
      this.#fail(new Error('a command printed without end'));
      return;
    }
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const at = this.#received.indexOf(next.marker);
      const end = at < 0 ? -1 : this.#received.indexOf('\n', at);
      if (end < 0) {
        return;
      }
      const status = Number(this.#received.slice(at + next.marker.length, end));
      const output = this.#received.slice(0, at);
      this.#received = this.#received.slice(end + 1);
      this.#queue.shift();
      next.resolve({ status, output });
    }
  }

  #fail(error: Error): void {
    this.#broken ??= new Error(`the target's shell: ${error.message}`);
    for (const pending of this.#queue.splice(0)) {
      pending.reject(this.#broken);
    }
  }

  close(): void {
    this.#fail(new Error('closed by the harness'));
    this.#stream.end();
    this.#stream.destroy();
  }
}
