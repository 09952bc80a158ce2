/** The container of somebody's own image: its own entrypoint, user and configuration, in a network that is held for it. */
import { PassThrough } from 'node:stream';
import { Failure } from '../../../audit/failure.ts';
import type { Docker } from '../../engine/find-engine.ts';
import { engineMessage } from '../../engine/local-image.ts';
import { ContainerShell } from '../container-shell.ts';
import { putFiles } from './archive.ts';
import type { ImageLog } from './image-log.ts';

const HOOK_DEADLINE_MS = 60_000;

export type ImageContainerOptions = {
  docker: Docker;
  image: string;
  name: string;
  labels: Record<string, string>;
  /** The container that holds its network. */
  holder: string;
  /** Absolute path to content, put there before its first process runs. */
  files: ReadonlyMap<string, Buffer>;
  log: ImageLog;
};

export class ImageContainer {
  readonly id: string;
  readonly image: string;
  readonly #docker: Docker;
  readonly #log: ImageLog;

  private constructor(id: string, { docker, image, log }: ImageContainerOptions) {
    this.id = id;
    this.image = image;
    this.#docker = docker;
    this.#log = log;
  }

  /** @throws Failure CONFIGURATION_DOES_NOT_START if the engine cannot start its entrypoint */
  static async start(options: ImageContainerOptions): Promise<ImageContainer> {
    const { docker, image, log } = options;
    const container = await docker.createContainer({
      name: options.name,
      Image: image,
      Labels: options.labels,
      HostConfig: { NetworkMode: `container:${options.holder}` },
    });
    await putFiles(docker, container.id, options.files);
    const output = new PassThrough();
    log.attach(output);
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    docker.modem.demuxStream(stream, output, output);
    stream.on('end', () => log.log.lose('the container ended'));
    stream.on('error', (error: Error) => log.log.lose(`its log stream broke: ${error.message}`));
    try {
      await container.start();
    } catch (error) {
      throw new Failure(
        'CONFIGURATION_DOES_NOT_START',
        `${image}: the engine cannot start it: ${engineMessage(error)}`,
        'Correct its ENTRYPOINT or CMD: "docker run" with it must start the mail server.',
        { cause: error },
      );
    }
    return new ImageContainer(container.id, options);
  }

  /** @throws Failure CONFIGURATION_DOES_NOT_START if it does not run any more, with its last lines */
  async mustRun(): Promise<void> {
    const { State } = await this.#docker.getContainer(this.id).inspect();
    if (!State.Running) {
      throw new Failure(
        'CONFIGURATION_DOES_NOT_START',
        `${this.image}: its container ended with status ${State.ExitCode} before anything greeted on port 25`,
        'Its entrypoint must stay in the foreground as long as the mail server runs. Its last lines are below.',
        { output: this.#log.last },
      );
    }
  }

  /** A shell as root; undefined if the image has none. */
  async openShell(): Promise<ContainerShell | undefined> {
    const shell = await ContainerShell.open(this.#docker, this.id, 'root').catch(() => undefined);
    const answer = await shell?.run('echo here').catch(() => undefined);
    return answer?.output.trim() === 'here' ? shell : undefined;
  }

  /** Runs a program of the image as root, with lines on its standard input. */
  async run(command: string[], input: string): Promise<{ status: number; output: string }> {
    const exec = await this.#docker.getContainer(this.id).exec({
      Cmd: command,
      User: 'root',
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const output = new PassThrough();
    this.#docker.modem.demuxStream(stream, output, output);
    let text = '';
    output.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        stream.destroy();
        reject(new Error(`${command[0]} has not ended after ${HOOK_DEADLINE_MS / 1000} s; does it read to the end?`));
      }, HOOK_DEADLINE_MS);
      stream.on('end', resolve).on('close', resolve).on('error', reject);
    });
    stream.end(input);
    await ended.finally(() => clearTimeout(timer));
    const { ExitCode } = await exec.inspect();
    return { status: ExitCode ?? -1, output: this.#log.masked(text) };
  }

  /** Takes a file of the container for its log, from its beginning on. */
  async follow(paths: readonly string[]): Promise<void> {
    const exec = await this.#docker.getContainer(this.id).exec({
      Cmd: ['tail', '-n', '+1', '-F', ...paths],
      User: 'root',
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({});
    const [output, trouble] = [new PassThrough(), new PassThrough().resume()];
    this.#docker.modem.demuxStream(stream, output, trouble);
    this.#log.attach(output);
  }

  async kill(): Promise<void> {
    await this.#docker.getContainer(this.id).kill();
  }

  async remove(): Promise<void> {
    await this.#docker.getContainer(this.id).remove({ force: true, v: true });
  }
}
