import { Failure } from '../../audit/failure.ts';
import { BootstrapError, bootstrapDebian } from './bootstrap-debian.ts';
import { requireEngineSpace, spaceForAllImages } from './disk-space.ts';
import { withFileLock } from './file-lock.ts';
import type { Engine } from './find-engine.ts';
import { localImageId } from './local-image.ts';
import { type Progress, runStep } from './progress.ts';
import { pullImage } from './pull-image.ts';

export type DebianRelease = 'bullseye' | 'bookworm' | 'trixie';

const repository = 'relayproof/base';

/**
 * Returns the name of an image of a minimal Debian, after getting it where it is missing: from the registry, else with debootstrap.
 * Throws NO_IMAGE with all that was tried, or NO_DISK_SPACE. Uses no network where the image is there.
 */
export async function provideBaseImage(engine: Engine, release: DebianRelease, progress: Progress): Promise<string> {
  const name = `${repository}:${release}`;
  const step = `base image ${release}`;
  const isThere = async () => (await localImageId(engine.docker, name)) !== undefined;
  if (await isThere()) {
    progress({ step, state: 'skipped', detail: `${name} is there` });
    return name;
  }
  const onWait = (pid: number) =>
    progress({ step, state: 'start', detail: `waiting for process ${pid}, which makes it` });
  await withFileLock(
    `base-${release}`,
    async () => {
      if (await isThere()) progress({ step, state: 'done', detail: 'made by another process' });
      else await runStep(progress, step, (update) => obtain(engine, release, update), String);
    },
    { onWait },
  );
  return name;
}

async function obtain(engine: Engine, release: DebianRelease, update: (detail: string) => void): Promise<string> {
  const image = { repository, tag: release };
  const published = `debian:${release}-slim`;
  const tag = (name: string) => engine.docker.getImage(name).tag({ repo: image.repository, tag: image.tag });
  if ((await localImageId(engine.docker, published)) !== undefined) {
    await tag(published);
    return `${published}, which was there`;
  }
  await requireEngineSpace(engine, spaceForAllImages, 'the images');
  const pull = await pullImage(engine, published, update);
  if (pull.pulled) {
    await tag(pull.name);
    return `pulled ${pull.name}`;
  }
  try {
    await bootstrapDebian(engine, release, image, update);
    return `bootstrapped with debootstrap (${published} cannot be pulled: ${pull.reason})`;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'NO_IMAGE',
      `The base image for Debian ${release} cannot be had. Pulling ${pull.name}: ${pull.reason}. Bootstrapping: ${reason}`,
      [
        `Give the engine access to its registry, or to a mirror (TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX names one), or load the image from a file:`,
        `  docker load -i FILE && docker tag NAME ${repository}:${release}`,
      ].join('\n'),
      { output: error instanceof BootstrapError ? error.output : [], cause: error },
    );
  }
}
