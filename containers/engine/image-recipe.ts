import { createHash } from 'node:crypto';
import { packTar } from './tar-archive.ts';

/** All that an image of the project is made from. */
export type ImageRecipe = {
  /** The last part of the image's name, `relayproof/NAME`. */
  name: string;
  /** The name of the image that it is built on; the Dockerfile begins `ARG BASE` and `FROM $BASE`. */
  base: string;
  /** The files of the build by their paths, one of them `Dockerfile`. */
  context: Readonly<Record<string, string | Buffer>>;
  /** The paths of those files that are programs. */
  executable?: readonly string[];
  buildArgs?: Readonly<Record<string, string>>;
};

/** Changes with every change of the way in which images are built. */
const method = 'relayproof image 1';

/** The tag of the image made from a recipe: the same for the same files, arguments and base, and no other. */
export function imageTag(recipe: ImageRecipe, baseId: string): string {
  const hash = createHash('sha256');
  // Each part with its length before it, or two recipes could run together into the same text.
  const add = (part: string | Buffer) => {
    const bytes = Buffer.from(part as string);
    hash.update(`${bytes.length}:`).update(bytes);
  };
  for (const part of [method, recipe.name, baseId]) add(part);
  for (const [name, value] of sorted(recipe.buildArgs ?? {})) {
    add(`argument ${name}`);
    add(value);
  }
  const executable = new Set(recipe.executable);
  for (const [path, content] of sorted(recipe.context)) {
    add(`${executable.has(path) ? 'program' : 'file'} ${path}`);
    add(content);
  }
  return `relayproof/${recipe.name}:${hash.digest('hex').slice(0, 12)}`;
}

/** The recipe's files as the archive that the engine builds from. Throws for a program that is not among the files. */
export function buildContext(recipe: ImageRecipe): Buffer {
  const executable = new Set(recipe.executable);
  for (const path of executable) {
    if (recipe.context[path] === undefined)
      throw new RangeError(`no such file in the context of ${recipe.name}: ${path}`);
  }
  return packTar(
    sorted(recipe.context).map(([path, content]) => ({
      path,
      content: Buffer.from(content as string),
      executable: executable.has(path),
    })),
  );
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
