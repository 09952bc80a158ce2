// The program, compiled to JavaScript and kept: a start then takes half the time that compiling each file anew takes.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const entry = 'cli/main.ts';
/** Sources besides those that the entry imports: with another one of these the result is another. */
const also = ['tsconfig.json', 'package.json', path.join('bin', path.basename(fileURLToPath(import.meta.url)))];
/** Folders of sources that have changed since are kept for so long, in ms: a run that is going on may still load from one. */
const kept = 7 * 86_400_000;

/**
 * What tells whether sources are still the same: path, size and time of change of each.
 * @typedef {[file: string, size: number, changed: number][]} Sources
 */

/**
 * @param {string} projectFolder
 * @param {readonly string[]} files
 * @returns {Sources}
 */
function look(projectFolder, files) {
  return files.map((file) => {
    const { size, mtimeMs } = statSync(path.join(projectFolder, file));
    return [file, size, mtimeMs];
  });
}

/**
 * @param {string} cache
 * @param {string} projectFolder
 * @returns {string | undefined} the compiled program, if it is that of the sources as they are
 */
function compiled(cache, projectFolder) {
  try {
    const { folder, sources } = JSON.parse(readFileSync(path.join(cache, 'current.json'), 'utf8'));
    const files = sources.map((/** @type {Sources[number]} */ [file]) => file);
    const file = path.join(cache, folder, 'main.mjs');
    return JSON.stringify(look(projectFolder, files)) === JSON.stringify(sources) && existsSync(file)
      ? file
      : undefined;
  } catch {
    return undefined;
  }
}

/** Files find what lies beside them by import.meta.url: in the compiled program each keeps its own. */
const ownUrls = {
  name: 'own-urls',
  setup(/** @type {import('esbuild').PluginBuild} */ build) {
    build.onLoad({ filter: /\.tsx?$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const contents = `const ownUrl = ${JSON.stringify(pathToFileURL(file).href)};${text}`;
      return { contents, loader: file.endsWith('x') ? 'tsx' : 'ts' };
    });
  },
};

/**
 * @param {string} cache
 * @param {string} projectFolder
 * @returns {Promise<string>}
 */
async function compile(cache, projectFolder) {
  const started = Date.now();
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    absWorkingDir: projectFolder,
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outdir: path.join(cache, 'program'),
    outExtension: { '.js': '.mjs' },
    sourcemap: true,
    metafile: true,
    write: false,
    tsconfig: path.join(projectFolder, 'tsconfig.json'),
    define: { 'import.meta.url': 'ownUrl' },
    plugins: [ownUrls],
    logLevel: 'silent',
  });
  const sources = look(projectFolder, [...Object.keys(metafile.inputs), ...also].sort());
  const folder = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  const fresh = path.join(cache, `.${randomBytes(8).toString('hex')}`);
  mkdirSync(fresh, { recursive: true });
  for (const { path: file, contents } of outputFiles) writeFileSync(path.join(fresh, path.basename(file)), contents);
  // Another process may have made the same.
  if (existsSync(path.join(cache, folder, 'main.mjs'))) {
    rmSync(fresh, { recursive: true });
  } else {
    rmSync(path.join(cache, folder), { recursive: true, force: true });
    renameSync(fresh, path.join(cache, folder));
  }
  // What was edited while it was compiled is compiled again next time.
  if (sources.every(([, , changed]) => changed < started)) {
    writeFileSync(`${fresh}.json`, JSON.stringify({ folder, sources }));
    renameSync(`${fresh}.json`, path.join(cache, 'current.json'));
  }
  forget(cache, folder);
  return path.join(cache, folder, 'main.mjs');
}

/**
 * @param {string} cache
 * @param {string} current
 */
function forget(cache, current) {
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name);
    if (name !== current && name !== 'current.json' && Date.now() - statSync(folder).mtimeMs > kept) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/**
 * The file with the compiled program, made where there is none of these sources; undefined where it cannot be made or
 * kept, as in a folder that is not writable. Loading the sources then tells what is wrong with them, if anything is.
 * @param {string} projectFolder
 * @returns {Promise<string | undefined>}
 */
export async function compiledProgram(projectFolder) {
  const cache = path.join(projectFolder, 'node_modules', '.cache', 'relayproof');
  const known = compiled(cache, projectFolder);
  if (known !== undefined) return known;
  try {
    return await compile(cache, projectFolder);
  } catch {
    return undefined;
  }
}

/**
 * Loads the program.
 * @param {string} projectFolder
 * @returns {Promise<{ main: (args: string[]) => Promise<number> }>}
 */
export async function loadProgram(projectFolder) {
  process.setSourceMapsEnabled(true);
  const file = await compiledProgram(projectFolder);
  if (file !== undefined) return await import(pathToFileURL(file).href);
  // Whatever is loaded after tsx passes through its hook, which keeps a copy of every source: for the large libraries,
  // which are JavaScript already, that is 150 MB of memory for nothing.
  const audits = !['list', 'eject', 'report', 'readiness', '--help', '-h', '--version', '-V'].includes(
    process.argv[2] ?? '',
  );
  await Promise.all(
    audits ? ['vitest/node', 'testcontainers', 'esbuild', 'zod', 'fast-xml-parser'].map((name) => import(name)) : [],
  );
  const { register } = await import('tsx/esm/api');
  // The settings of the folder that somebody happens to stand in are not this project's.
  register({ tsconfig: path.join(projectFolder, 'tsconfig.json') });
  return await import(pathToFileURL(path.join(projectFolder, entry)).href);
}
