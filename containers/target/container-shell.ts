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

/** Starts a process in a container, with what it prints on both of its outputs. */
export async function openProcess(
  docker: Docker,
  containerId: string,
  command: string[],
  user?: string,
): Promise<{ stream: Duplex; output: PassThrough }> {
  const exec = await docker.getContainer(containerId).exec({
    Cmd: command,
    ...(user === undefined ? {} : { User: user }),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const output = new PassThrough();
  docker.modem.demuxStream(stream, output, output);
  return { stream, output };
}

/**
 * One process in a container that stays open and reads lines, each at once, for as long as it lives. What is written
 * to one that is gone is lost: whoever writes must see by something else that it arrived.
 */
export class ContainerReader {
  readonly #stream: Duplex;

  private constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** `onEnd` is told, in words, if the process ends or says anything: it is one that has nothing to say. */
  static async open(
    docker: Docker,
    containerId: string,
    command: string[],
    onEnd: (why: string) => void,
  ): Promise<ContainerReader> {
    const { stream, output } = await openProcess(docker, containerId, command);
    output.setEncoding('utf8').on('data', (text: string) => onEnd(`${command[0]}: ${text.trim()}`));
    stream.on('error', (error: Error) => onEnd(`${command[0]}: ${error.message}`));
    stream.on('end', () => onEnd(`${command[0]} ended`)).on('close', () => onEnd(`${command[0]} ended`));
    return new ContainerReader(stream);
  }

  write(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  close(): void {
    this.#stream.removeAllListeners('end').removeAllListeners('close');
    this.#stream.end();
    this.#stream.destroy();
  }
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

  /** `user`: default the container's own. */
  static async open(docker: Docker, containerId: string, user?: string): Promise<ContainerShell> {
    const { stream, output } = await openProcess(docker, containerId, ['/bin/sh'], user);
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
