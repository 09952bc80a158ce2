import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { accepts, answers, isThisSystem, socketNamedBy } from './engine-socket.ts';

it.each([
  ['unix:///run/podman/podman.sock', '/run/podman/podman.sock'],
  ['tcp://10.0.0.1:2375', undefined],
  ['nonsense', undefined],
])('reads the socket from DOCKER_HOST=%s', (dockerHost, socket) => {
  expect(socketNamedBy(dockerHost)).toBe(socket);
});

it('tells an engine of this system from one that is reached from inside a container', () => {
  expect(isThisSystem({ Name: os.hostname(), KernelVersion: os.release() })).toBe(true);
  expect(isThisSystem({ Name: `${os.hostname()}x`, KernelVersion: os.release() })).toBe(false);
  expect(isThisSystem({})).toBe(false);
});

it('tells an engine from a socket that only accepts, and from none', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'socket-test-'));
  const socket = path.join(folder, 's');
  let status = 503;
  const server = http.createServer((_, response) => response.writeHead(status).end('OK'));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    expect([await accepts(socket), await answers(socket)]).toEqual([true, false]);
    status = 200;
    expect(await answers(socket)).toBe(true);
    const missing = path.join(folder, 'missing');
    expect([await accepts(missing), await answers(missing)]).toEqual([false, false]);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
