import { Readable } from 'node:stream';
import { Failure } from '../../audit/failure.ts';
import { megabyte, noDiskSpace, requireEngineSpace, saysDiskFull } from './disk-space.ts';
import { engineEvents } from './engine-events.ts';
import { withFileLock } from './file-lock.ts';
import type { Engine } from './find-engine.ts';
import { buildContext, type ImageRecipe, imageTag } from './image-recipe.ts';
import { imageLabel } from './labels.ts';
import { engineMessage, localImageId } from './local-image.ts';
import { LastLines, LineCutter } from './plain-text.ts';
import { type Progress, runStep } from './progress.ts';
import { removeOldImages } from './remove-old-images.ts';

export type ProvidedImage = {
  tag: string;
  /** The engine's own id, `sha256:…`. */
  id: string;
  /** Whether this call built it. */
  built: boolean;
};

const spaceForImage = 700 * megabyte;

/**
 * Returns the image made from a recipe, after building it where it is missing; where it is there, nothing uses the network.
 * Throws NO_IMAGE with the end of the build's output, or NO_DISK_SPACE.
 */
export async function provideImage(engine: Engine, recipe: ImageRecipe, progress: Progress): Promise<ProvidedImage> {
  const step = `image ${recipe.name}`;
  const baseId = await localImageId(engine.docker, recipe.base);
  if (baseId === undefined) {
    throw new Failure(
      'NO_IMAGE',
      `The image ${recipe.base}, which ${recipe.name} is built on, is not there`,
      'Start again: it is made anew.',
    );
  }
  const tag = imageTag(recipe, baseId);
  const present = await localImageId(engine.docker, tag);
  if (present !== undefined) {
    progress({ step, state: 'skipped', detail: `${tag} is there` });
    return { tag, id: present, built: false };
  }
  const onWait = (pid: number) =>
    progress({ step, state: 'start', detail: `waiting for process ${pid}, which builds it` });
  return await withFileLock(
    `image-${tag}`,
    async () => {
      const meanwhile = await localImageId(engine.docker, tag);
      if (meanwhile !== undefined) {
        progress({ step, state: 'done', detail: 'built by another process' });
        return { tag, id: meanwhile, built: false };
      }
      const id = await runStep(
        progress,
        step,
        async (update) => {
          await requireEngineSpace(engine, spaceForImage, `the image ${recipe.name}`);
          return await build(engine, recipe, tag, update);
        },
        () => 'built',
      );
      await removeOldImages(engine, recipe.name, tag);
      return { tag, id, built: true };
    },
    { onWait },
  );
}

async function build(
  engine: Engine,
  recipe: ImageRecipe,
  tag: string,
  update: (detail: string) => void,
): Promise<string> {
  const last = new LastLines(30);
  const cutter = new LineCutter();
  let place = '';
  const hear = (lines: readonly string[]) => {
    for (const line of lines) {
      last.push(line);
      const at = /^step (\d+\/\d+)\s*:\s*(.*)$/i.exec(line);
      if (at?.[1] !== undefined) place = `step ${at[1]}`;
      update(at === null ? `${place} ${line}` : `${place} ${at[2] ?? ''}`);
    }
  };
  try {
    const answer = await engine.docker.buildImage(Readable.from([buildContext(recipe)]), {
      t: tag,
      buildargs: { ...proxySettings(), ...recipe.buildArgs, BASE: recipe.base },
      labels: { [imageLabel]: recipe.name },
      rm: true,
      forcerm: true,
      version: '1',
    });
    for await (const event of engineEvents(answer)) {
      if (event.stream !== undefined) hear(cutter.push(event.stream));
      if (event.error !== undefined) throw new Error(event.error);
    }
  } catch (error) {
    hear(cutter.end());
    const message = engineMessage(error);
    const output = last.lines;
    if (saysDiskFull([message, ...output].join('\n'))) {
      throw noDiskSpace(engine.rootDirectory ?? 'the engine', `the image ${recipe.name}`, { output, cause: error });
    }
    throw new Failure(
      'NO_IMAGE',
      `The image ${recipe.name} cannot be built: ${message}`,
      /OCI runtime|cgroup/i.test(message)
        ? 'The engine answers but cannot run a container on this machine (docker run shows the same): repair it, or set DOCKER_HOST to another.'
        : 'See the last lines of the build. It needs the package mirror of its Debian release: check the network and the proxy settings.',
      { output, cause: error },
    );
  }
  const id = await localImageId(engine.docker, tag);
  if (id === undefined) {
    throw new Failure('NO_IMAGE', `The image ${recipe.name} was built, but is not there as ${tag}`, 'Start again.', {
      output: last.lines,
    });
  }
  return id;
}

/** Packages come through the same proxy as this machine's, unless it is one that only this machine can reach. Not part of the image. */
function proxySettings(): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
    const value = process.env[name] ?? process.env[name.toUpperCase()];
    if (value && !/\/\/(?:[^@/]*@)?(?:localhost|127\.|\[::1\])/i.test(value)) settings[name] = value;
  }
  return settings;
}
