// Runs before any dependency is there: plain JavaScript, and nothing but Node's own modules.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The exit status for a machine on which relayproof cannot run (EX_CONFIG). */
export const cannotRun = 78;

const oldestNode = [20, 19];

/** Trouble that a person can act on, worded for the terminal. */
export class SetupError extends Error {}

/**
 * Throws SetupError if this Node.js is too old.
 * @param {string} [version]
 */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupError(
    `relayproof needs Node.js ${oldestNode.join('.')} or newer; this is ${version} (${process.execPath}).\n` +
      'Install a newer one, for example with your system’s packages or a version manager.',
  );
}

/**
 * Installs the project's dependencies with npm where they are missing or not those of package-lock.json. Throws SetupError.
 * All output goes to standard error. Does nothing in an installed package, whose dependencies npm has put beside it.
 * @param {string} projectFolder
 * @returns {Promise<boolean>} whether anything had to be installed
 */
export async function provideDependencies(projectFolder) {
  const lockFile = path.join(projectFolder, 'package-lock.json');
  if (!existsSync(lockFile)) return false;
  const wanted = stampOf(lockFile);
  if (isProvided(projectFolder, wanted)) return false;
  const release = await acquireLock(projectFolder);
  try {
    // The process that this one waited for may have installed them.
    if (isProvided(projectFolder, wanted)) return false;
    say(`relayproof: installing its dependencies into ${path.join(projectFolder, 'node_modules')} (npm ci)`);
    const startedAt = Date.now();
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'], projectFolder);
    writeFileSync(stampFile(projectFolder), wanted);
    say(`relayproof: dependencies installed (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    return true;
  } finally {
    release();
  }
}

/** @param {string} projectFolder */
function stampFile(projectFolder) {
  return path.join(projectFolder, 'node_modules', '.relayproof-dependencies');
}

/**
 * Some dependencies are programs for one system: a folder that is shared with another system does not serve it.
 * @param {string} lockFile
 */
function stampOf(lockFile) {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/**
 * @param {string} projectFolder
 * @param {string} wanted
 */
function isProvided(projectFolder, wanted) {
  try {
    return readFileSync(stampFile(projectFolder), 'utf8') === wanted;
  } catch {
    // No stamp, but somebody may have run npm: what npm wrote down then tells.
    if (!installedMatches(projectFolder)) return false;
    try {
      writeFileSync(stampFile(projectFolder), wanted);
    } catch {
      // A folder that cannot be written to is as good.
    }
    return true;
  }
}

/**
 * Whether npm's own record of node_modules has each package of the lock file, in its version. Optional ones are for other systems.
 * @param {string} projectFolder
 */
function installedMatches(projectFolder) {
  try {
    const read = (/** @type {string} */ file) =>
      JSON.parse(readFileSync(path.join(projectFolder, file), 'utf8')).packages;
    const wanted = read('package-lock.json');
    const installed = read('node_modules/.package-lock.json');
    return Object.keys(wanted).every((key) => {
      const { version, optional, dev, devOptional, peer } = wanted[key];
      if (key === '') return true;
      if (installed[key] === undefined) return Boolean(optional || dev || devOptional || peer);
      return installed[key].version === version && existsSync(path.join(projectFolder, key, 'package.json'));
    });
  } catch {
    return false;
  }
}

/**
 * @param {string[]} args
 * @param {string} folder
 */
async function npm(args, folder) {
  // The npm that belongs to this Node.js, if another is first on the path or none is.
  const beside = path.join(path.dirname(process.execPath), process.platform === 'win32' ? 'npm.cmd' : 'npm');
  const command = existsSync(beside) ? beside : 'npm';
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}` };
  const status = await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env,
      // Standard output may carry JSON: npm's goes to standard error.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    const end = () => child.kill();
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    child.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const advice =
        error.code === 'ENOENT' ? 'npm is not installed: install it (it comes with Node.js)' : error.message;
      reject(new SetupError(`relayproof cannot install its dependencies: ${advice}, then run "npm ci" in ${folder}.`));
    });
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  if (status !== 0) {
    throw new SetupError(
      `relayproof cannot install its dependencies: "npm ci" in ${folder} failed (${status}; see above).\n` +
        'Check the network, the registry setting (npm config get registry) and the free disk space, then start again.',
    );
  }
}

/**
 * Two starts at once must not install into the same folder; the lock of a dead process does not count.
 * @param {string} projectFolder
 */
async function acquireLock(projectFolder) {
  const id = createHash('sha256').update(projectFolder).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `relayproof-dependencies-${id}.lock`);
  let told = false;
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const holder = await holderOf(file);
    if (holder === undefined) rmSync(file, { force: true });
    else if (!told) {
      told = true;
      say(`relayproof: waiting for process ${holder}, which installs the dependencies`);
    }
    await delay(holder === undefined ? 50 * Math.random() : 300);
  }
}

/** @param {string} file */
async function holderOf(file) {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const pid = Number(readFileSync(file, 'utf8'));
      if (pid > 0) {
        process.kill(pid, 0);
        return pid;
      }
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM') return 'of another user';
      return undefined;
    }
    // Made this very moment, and its number not yet written.
    await delay(50);
  }
  return undefined;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
