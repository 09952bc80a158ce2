/** What the images of targets, helper and mail programs are made from. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asFailure, Failure } from '../../audit/failure.ts';
import { provideBaseImage } from '../engine/base-image.ts';
import { type ProvidedImage, provideImage } from '../engine/build-image.ts';
import type { Engine } from '../engine/find-engine.ts';
import type { ImageRecipe } from '../engine/image-recipe.ts';
import type { Progress } from '../engine/progress.ts';
import { DEFAULT_SENDMAIL, releaseOf, type SendmailRelease, type SendmailVersion } from './releases.ts';

/** The Debian release that the helper and the mail programs run, whatever the targets do. */
const HELPER_RELEASE = 'trixie';

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

export type Images = {
  target: ProvidedImage;
  helper: ProvidedImage;
  /** Mail programs; only where a run needs them. */
  clients?: ProvidedImage;
  release: SendmailRelease;
};

/**
 * Gets or builds the images that a run needs: of the targets', the one with the sendmail that is asked for.
 * Throws NO_IMAGE or NO_DISK_SPACE.
 */
export async function provideImages(
  engine: Engine,
  progress: Progress,
  version: SendmailVersion = DEFAULT_SENDMAIL,
  { withClients = false }: { withClients?: boolean } = {},
): Promise<Images> {
  const release = releaseOf(version);
  const helperBase = await provideBaseImage(engine, HELPER_RELEASE, progress);
  const helper = await provideImage(
    engine,
    await recipe('lab', new URL('../lab/image/', import.meta.url), helperBase),
    progress,
  );
  const target = await withAdvice(release, async () => {
    const base = await provideBaseImage(engine, release.debian, progress);
    const folder = new URL('./image/', import.meta.url);
    return provideImage(engine, await recipe(`target-${release.debian}`, folder, base), progress);
  });
  if (!withClients) {
    return { target, helper, release };
  }
  const folder = new URL('../clients/image/', import.meta.url);
  const clients = await provideImage(engine, await recipe('clients', folder, helperBase), progress);
  return { target, helper, clients, release };
}

async function withAdvice<T>(release: SendmailRelease, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = asFailure(error);
    throw failure?.code === 'NO_IMAGE' ? ofOldRelease(failure, release) : error;
  }
}

/** Mirrors drop a release some time after its support has ended: then there is no getting at its sendmail by way of them. */
export function ofOldRelease(failure: Failure, { version, full, debian }: SendmailRelease): Failure {
  if (version === DEFAULT_SENDMAIL) {
    return failure;
  }
  const advice = [
    ...failure.advice.split('\n'),
    `Debian ${debian}, which sendmail ${full} comes from, is an old release. If the mirror does not have it any more, make an image of it elsewhere (Debian keeps an archive of old releases) and load it:`,
    `  docker load -i FILE && docker tag NAME relayproof/base:${debian}`,
    `Without --sendmail ${version} the audit runs sendmail ${releaseOf(DEFAULT_SENDMAIL).full}.`,
  ];
  return new Failure('NO_IMAGE', failure.message, [...new Set(advice)].join('\n'), {
    output: failure.output,
    cause: failure,
  });
}
