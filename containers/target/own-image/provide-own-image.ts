/** Sees to it that somebody's own image is there. */
import { Failure } from '../../../audit/failure.ts';
import type { Engine } from '../../engine/find-engine.ts';
import { localImageId } from '../../engine/local-image.ts';
import { type Progress, runStep } from '../../engine/progress.ts';
import { pullImage } from '../../engine/pull-image.ts';

/** @throws Failure NO_IMAGE if it is neither there nor to be had */
export async function provideOwnImage(engine: Engine, image: string, progress: Progress): Promise<void> {
  const step = `image ${image}`;
  if ((await localImageId(engine.docker, image)) !== undefined) {
    progress({ step, state: 'skipped', detail: 'it is there' });
    return;
  }
  await runStep(
    progress,
    step,
    async (update) => {
      const result = await pullImage(engine, image, update);
      if (!result.pulled) {
        throw new Failure(
          'NO_IMAGE',
          `--image ${image}: the engine does not have it, and cannot pull it: ${result.reason}`,
          `Look at its name ("docker images" lists those that are there), or get it with "docker pull ${image}".`,
        );
      }
    },
    () => 'pulled',
  );
}
