/** What the target's and the helper's images are made from. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideBaseImage } from '../engine/base-image.ts';
import { type ProvidedImage, provideImage } from '../engine/build-image.ts';
import type { Engine } from '../engine/find-engine.ts';
import type { ImageRecipe } from '../engine/image-recipe.ts';
import type { Progress } from '../engine/progress.ts';

/** The Debian release that targets run by default: the newest, and with it the newest sendmail. */
export const DEFAULT_RELEASE = 'trixie';

async function recipe(name: string, folder: URL, base: string): Promise<ImageRecipe> {
  const root = fileURLToPath(folder);
  const context: Record<string, Buffer> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      context[relative(root, path)] = await readFile(path);
    }
  }
  return { name, base, context };
}

export type Images = { base: string; target: ProvidedImage; helper: ProvidedImage };

/** Gets or builds the images that a run needs. Throws NO_IMAGE or NO_DISK_SPACE. */
export async function provideImages(engine: Engine, progress: Progress): Promise<Images> {
  const base = await provideBaseImage(engine, DEFAULT_RELEASE, progress);
  const helper = await provideImage(
    engine,
    await recipe('lab', new URL('../lab/image/', import.meta.url), base),
    progress,
  );
  const target = await provideImage(
    engine,
    await recipe(`target-${DEFAULT_RELEASE}`, new URL('./image/', import.meta.url), base),
    progress,
  );
  return { base, target, helper };
}
