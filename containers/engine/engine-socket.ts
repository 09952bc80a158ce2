import { existsSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';

/** Where Docker listens unless told otherwise. */
export const defaultSocket = '/var/run/docker.sock';

/** Whether somebody accepts connections on a Unix socket. */
export function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect({ path: socket });
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

/** Whether an engine answers on a Unix socket. */
export async function answers(socket: string): Promise<boolean> {
  return (await get(socket, '/_ping')) !== undefined;
}

/** The path of the socket that DOCKER_HOST names; undefined if it names something else. */
export function socketNamedBy(dockerHost: string): string | undefined {
  return URL.canParse(dockerHost) && new URL(dockerHost).protocol === 'unix:'
    ? new URL(dockerHost).pathname
    : undefined;
}

/** Whether an engine describes the system that this process runs on: inside a container the host name is another. */
export function isThisSystem(info: { Name?: string; KernelVersion?: string }): boolean {
  return info.Name === os.hostname() && info.KernelVersion === os.release();
}

/** Tells testcontainers by its own variables what it would miss or would need the network for. The user's settings win. */
export async function guideResolution(): Promise<void> {
  if (process.platform !== 'linux') return;
  if (!process.env.DOCKER_HOST && !existsSync(defaultSocket)) await namePodmanSocket();
  if (process.env.TESTCONTAINERS_HOST_OVERRIDE === undefined && existsSync('/.dockerenv')) await nameLocalhost();
}

/** Testcontainers looks for Docker's sockets alone: where there is none and Podman answers, that one is named. */
async function namePodmanSocket(): Promise<void> {
  const runtimeFolder = process.env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  if (existsSync(`${runtimeFolder}/docker.sock`)) return;
  for (const socket of [`${runtimeFolder}/podman/podman.sock`, '/run/podman/podman.sock']) {
    if (!(await accepts(socket))) continue;
    process.env.DOCKER_HOST = `unix://${socket}`;
    return;
  }
}

/**
 * Inside a container, testcontainers may pull an image only to learn the address of published ports. An engine that runs inside
 * the same container publishes them on localhost.
 */
async function nameLocalhost(): Promise<void> {
  const socket = process.env.DOCKER_HOST ? socketNamedBy(process.env.DOCKER_HOST) : defaultSocket;
  const text = socket === undefined ? undefined : await get(socket, '/info');
  try {
    if (text !== undefined && isThisSystem(JSON.parse(text))) process.env.TESTCONTAINERS_HOST_OVERRIDE = 'localhost';
  } catch {
    // Not an engine: testcontainers finds that out and says so.
  }
}

/** The body of a successful answer on a Unix socket; undefined for any other, and for silence of 5 seconds. */
function get(socketPath: string, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path, timeout: 5000, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve(response.statusCode === 200 ? body : undefined));
      response.once('error', () => resolve(undefined));
    });
    request.once('timeout', () => request.destroy(new Error('silent')));
    request.once('error', () => resolve(undefined));
  });
}
