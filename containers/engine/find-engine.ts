import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers';
import { Failure } from '../../audit/failure.ts';
import { guideResolution, isThisSystem, socketNamedBy } from './engine-socket.ts';

/** The client of the engine's own interface, as testcontainers brings it. */
export type Docker = ContainerRuntimeClient['container']['dockerode'];

export type Engine = {
  client: ContainerRuntimeClient;
  docker: Docker;
  name: 'Docker' | 'Podman';
  version: string;
  /** Whether it runs on this very system, so that its folders can be looked at from here. */
  local: boolean;
  /** Where it keeps images and containers, by its own account. */
  rootDirectory?: string;
  /** What an attempt to pull has shown so far in this process. */
  registry: 'untried' | 'reachable' | 'unreachable';
};

/** Finds the engine as testcontainers does; throws NO_ENGINE where none answers within `deadlineMs`. A failure is not remembered. */
export async function findEngine({ deadlineMs = 20_000 }: { deadlineMs?: number } = {}): Promise<Engine> {
  await guideResolution();
  const dockerHost = process.env.DOCKER_HOST || undefined;
  let client: ContainerRuntimeClient;
  try {
    client = await within(deadlineMs, getContainerRuntimeClient());
  } catch (error) {
    throw dockerHost === undefined ? nobodyAnswers(error) : dockerHostSilent(dockerHost, error);
  }
  const docker = client.container.dockerode;
  const socket = socketOf(docker);
  // Testcontainers goes on to the default socket when DOCKER_HOST is dead: not what was asked for.
  if (dockerHost !== undefined && socket !== undefined && socket !== socketNamedBy(dockerHost)) {
    throw dockerHostSilent(dockerHost);
  }
  return await describe(client, docker, socket);
}

/** The failure for a DOCKER_HOST at which nothing answers. */
export function dockerHostSilent(dockerHost: string, cause?: unknown): Failure {
  return new Failure(
    'NO_ENGINE',
    `No container engine answers at DOCKER_HOST=${dockerHost}`,
    'Start the engine there, correct DOCKER_HOST (unix:///path/to/socket or tcp://host:port), or unset it to use the engine of this machine.',
    { cause },
  );
}

function nobodyAnswers(cause: unknown): Failure {
  return new Failure(
    'NO_ENGINE',
    'No container engine answers on this machine',
    'Start Docker or Podman, or set DOCKER_HOST.',
    {
      cause,
    },
  );
}

async function describe(client: ContainerRuntimeClient, docker: Docker, socket: string | undefined): Promise<Engine> {
  const info = (await docker.info()) as {
    DockerRootDir?: string;
    Name?: string;
    KernelVersion?: string;
    ServerVersion?: string;
  };
  const version = (await docker.version()) as { Version?: string; Components?: { Name?: string }[] };
  const podman = version.Components?.some((component) => /podman/i.test(component.Name ?? '')) ?? false;
  const local = socket !== undefined && isThisSystem(info);
  return {
    client,
    docker,
    name: podman ? 'Podman' : 'Docker',
    version: version.Version ?? info.ServerVersion ?? 'unknown',
    local,
    ...(info.DockerRootDir === undefined ? {} : { rootDirectory: info.DockerRootDir }),
    registry: 'untried',
  };
}

function socketOf(docker: Docker): string | undefined {
  const { socketPath } = docker.modem as unknown as { socketPath?: unknown };
  return typeof socketPath === 'string' ? socketPath : undefined;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
