/**
 * The container that mail programs run in. It shares the helper's network, where every client address of the lab is
 * local: a program binds to the one that it is to be seen with, and needs no right for that.
 */
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import type { Docker } from '../engine/find-engine.ts';
import { packTar } from '../engine/tar-archive.ts';

/** Files by their names, a command, and how long it may take. */
export type ProgramCall = {
  command: readonly string[];
  /** Among them `message`, which is the command's standard input. */
  files: Readonly<Record<string, string>>;
  /** Each line that it prints on either output, without its end; as soon as it is there. */
  onLine: (line: string) => void;
  deadlineMs?: number;
};

const DEADLINE_MS = 30_000;
/** What is left to the container to end a program that has not ended in time. */
const GRACE_MS = 10_000;
const MAX_OUTPUT = 1_000_000;
/** timeout(1) says with it that it had to end the command. */
const TIMED_OUT = 124;

/**
 * Unpacks the files into a folder of their own, which nobody else reads and which goes with the program. Lines come as they
 * are printed.
 */
const RUN = `umask 077; d=$(mktemp -d) || exit 1; cd "$d" && tar -x --no-same-permissions -f - || exit 1
timeout -k 2 "$0" stdbuf -oL "$@" < message 2>&1; s=$?; cd /; rm -rf "$d"; exit $s`;

export class ClientContainer {
  readonly #docker: Docker;
  readonly #container: StartedTestContainer;

  private constructor(docker: Docker, container: StartedTestContainer) {
    this.#docker = docker;
    this.#container = container;
  }

  /** `beside`: the container whose network it shares. */
  static async start(options: {
    docker: Docker;
    image: string;
    name: string;
    labels: Record<string, string>;
    beside: string;
  }): Promise<ClientContainer> {
    const container = await new GenericContainer(options.image)
      .withName(options.name)
      .withLabels(options.labels)
      .withNetworkMode(`container:${options.beside}`)
      .withUser('nobody')
      .withDroppedCapabilities('ALL')
      .withTmpFs({ '/tmp': 'rw,mode=1777' })
      .withCommand(['sleep', 'infinity'])
      .start();
    return new ClientContainer(options.docker, container);
  }

  /**
   * Runs a program to its end and answers its exit status; undefined if it had to be ended. What is secret belongs into a
   * file: the command line can be seen.
   *
   * @throws Error if the container is gone, or the program prints without end
   */
  async run({ command, files, onLine, deadlineMs = DEADLINE_MS }: ProgramCall): Promise<number | undefined> {
    const seconds = `${Math.ceil(deadlineMs / 1000)}`;
    const exec = await this.#docker.getContainer(this.#container.getId()).exec({
      Cmd: ['/bin/sh', '-c', RUN, seconds, ...command],
      Env: ['HOME=/nonexistent', 'LC_ALL=C.UTF-8'],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const lines = new Lines(onLine);
    let giveUp: (why: string) => void = () => {};
    const ended = new Promise<void>((resolve, reject) => {
      giveUp = (why) => {
        clearTimeout(timer);
        stream.destroy();
        reject(new Error(`${command[0]} ${why}`));
      };
      const timer = setTimeout(() => giveUp('did not end'), deadlineMs + GRACE_MS);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      stream.on('end', end).on('close', end);
      stream.on('error', (error: Error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
    const outputs = {
      write: (octets: Buffer) => {
        if (!lines.push(octets)) {
          giveUp('printed without end');
        }
        return true;
      },
    };
    // Both outputs are one in there, so that lines keep their order.
    this.#docker.modem.demuxStream(
      stream,
      outputs as unknown as NodeJS.WritableStream,
      outputs as unknown as NodeJS.WritableStream,
    );
    const archive = Object.entries(files).map(([path, content]) => ({
      path,
      content: Buffer.from(content),
      executable: false,
    }));
    stream.end(packTar(archive));
    await ended;
    lines.end();
    const { ExitCode } = await exec.inspect();
    return ExitCode === TIMED_OUT ? undefined : (ExitCode ?? undefined);
  }

  async stop(): Promise<void> {
    await this.#container.stop({ timeout: 0 });
  }
}

/** Cuts octets into lines, up to a limit. */
class Lines {
  readonly #onLine: (line: string) => void;
  #partial = '';
  #octets = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** False if it is too much by now. */
  push(octets: Buffer): boolean {
    this.#octets += octets.length;
    if (this.#octets > MAX_OUTPUT) {
      return false;
    }
    // As in dialogues: an octet is a character, whatever it stands for.
    const lines = (this.#partial + octets.toString('latin1')).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      this.#onLine(line.replace(/\r+$/, ''));
    }
    return true;
  }

  end(): void {
    if (this.#partial !== '') {
      this.#onLine(this.#partial);
    }
  }
}
