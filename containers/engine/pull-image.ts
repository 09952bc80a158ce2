import { ImageName } from 'testcontainers';
import { noDiskSpace, saysDiskFull } from './disk-space.ts';
import { engineEvents } from './engine-events.ts';
import type { Engine } from './find-engine.ts';
import { engineMessage } from './local-image.ts';
import { plainLines } from './plain-text.ts';

export type PullResult = { pulled: true; name: string } | { pulled: false; name: string; reason: string };

/**
 * Pulls an image, by way of the mirror that TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX may name. Gives up after `silenceMs` without
 * any progress. Throws NO_DISK_SPACE alone; other trouble is a reason.
 */
export async function pullImage(
  engine: Engine,
  image: string,
  update: (detail: string) => void,
  { silenceMs = 15_000 }: { silenceMs?: number } = {},
): Promise<PullResult> {
  const name = ImageName.fromString(image).string;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), silenceMs);
  try {
    update(`pulling ${name}`);
    const answer = await engine.docker.pull(name, { abortSignal: abort.signal });
    for await (const event of engineEvents(answer)) {
      timer.refresh();
      if (event.error !== undefined) throw new Error(event.error);
      if (event.status !== undefined) engine.registry = 'reachable';
      update(`pulling ${name}: ${[event.id, event.status, event.progress].filter(Boolean).join(' ')}`);
    }
    return { pulled: true, name };
  } catch (error) {
    const reason = abort.signal.aborted ? `no progress within ${silenceMs / 1000} s` : engineMessage(error);
    if (saysDiskFull(reason))
      throw noDiskSpace(engine.rootDirectory ?? 'the engine', `the image ${name}`, { cause: error });
    if (engine.registry === 'untried') engine.registry = 'unreachable';
    return { pulled: false, name, reason: plainLines(reason).join(' ') };
  } finally {
    clearTimeout(timer);
  }
}
