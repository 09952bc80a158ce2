import type { Engine } from './find-engine.ts';
import { imageLabel, runLabel } from './labels.ts';
import { otherRunLives } from './run-folders.ts';

/**
 * Removes the images that earlier versions of a recipe left, as far as nothing can need them: none while another run lives, for
 * it may be about to start one. Never forced, so the engine keeps what a container uses. Trouble is no failure: only space is lost.
 */
export async function removeOldImages(engine: Engine, name: string, current: string): Promise<void> {
  try {
    if (await otherRunLives()) return;
    const running = await engine.docker.listContainers({ filters: { label: [runLabel] } });
    if (running.length > 0) return;
    const images = await engine.docker.listImages({ filters: { label: [`${imageLabel}=${name}`] } });
    for (const tag of images.flatMap((image) => image.RepoTags ?? [])) {
      if (tag === current || !new RegExp(`^(?:localhost/)?relayproof/${name}:[0-9a-f]{12}$`).test(tag)) continue;
      await engine.docker
        .getImage(tag)
        .remove()
        .catch(() => undefined);
    }
  } catch {
    // The next build tries again.
  }
}
