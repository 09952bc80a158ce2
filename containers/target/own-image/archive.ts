/** Files of a container by the engine's archive interface: no program of the container has a part in it. */
import type { IncomingMessage } from 'node:http';
import type { Docker } from '../../engine/find-engine.ts';
import { isGone } from '../../engine/local-image.ts';
import { packTar } from '../../engine/tar-archive.ts';

const BLOCK = 512;
const MAX_BYTES = 64 * 1024 * 1024;

/** What a path is; undefined if it is not there. `linkTarget`: where a symbolic link leads in the container. */
async function look(docker: Docker, containerId: string, path: string): Promise<{ linkTarget: string } | undefined> {
  try {
    const answer = (await docker.getContainer(containerId).infoArchive({ path })) as unknown as IncomingMessage;
    // Unread, it would keep its connection, and with it this process.
    answer.resume();
    const stat = String(answer.headers['x-docker-container-path-stat'] ?? '');
    return JSON.parse(Buffer.from(stat, 'base64').toString('utf8')) as { linkTarget: string };
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  }
}

export async function isThere(docker: Docker, containerId: string, path: string): Promise<boolean> {
  return (await look(docker, containerId, path)) !== undefined;
}

async function archiveOf(docker: Docker, containerId: string, path: string): Promise<Buffer | undefined> {
  try {
    const stream = await docker.getContainer(containerId).getArchive({ path });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) {
        throw new Error(`${path} has more than ${MAX_BYTES >> 20} MiB`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  }
}

/** A file's content, links followed; undefined if it is not there. */
export async function readFileIn(docker: Docker, containerId: string, path: string): Promise<Buffer | undefined> {
  const found = await look(docker, containerId, path);
  const archive = found && (await archiveOf(docker, containerId, found.linkTarget || path));
  if (!archive) {
    return undefined;
  }
  const size = Number.parseInt(archive.toString('latin1', 124, 136), 8);
  const type = archive.toString('latin1', 156, 157);
  return type === '0' || type === '\0' ? archive.subarray(BLOCK, BLOCK + size) : undefined;
}

/** Copies a file or folder from one container into another, to the same place; false if it is not there. */
export async function copyBetween(
  docker: Docker,
  { from, to }: { from: string; to: string },
  path: string,
): Promise<boolean> {
  const found = await look(docker, from, path);
  if (!found) {
    return false;
  }
  for (const one of found.linkTarget ? [found.linkTarget, path] : [path]) {
    const archive = await archiveOf(docker, from, one);
    if (archive) {
      await docker.getContainer(to).putArchive(archive, { path: one.replace(/\/[^/]*\/?$/, '') || '/' });
    }
  }
  return true;
}

export async function putFiles(docker: Docker, containerId: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  if (files.size > 0) {
    const archive = packTar([...files].map(([path, content]) => ({ path: path.slice(1), content, executable: false })));
    await docker.getContainer(containerId).putArchive(archive, { path: '/' });
  }
}
