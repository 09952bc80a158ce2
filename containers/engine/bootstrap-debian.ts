import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installPackages } from './apt.ts';
import { isFull, megabyte, noDiskSpace, saysDiskFull } from './disk-space.ts';
import { engineEvents } from './engine-events.ts';
import type { Engine } from './find-engine.ts';
import { isDebianFamily } from './install-advice.ts';
import { engineMessage } from './local-image.ts';
import { plainLines } from './plain-text.ts';
import { thisSystem } from './provide-engine.ts';
import { endWithThisProcess, runCommand, systemEnvironment } from './run-command.ts';
import { withSystemFolder } from './temporary-folder.ts';

const spaceForSystem = 600 * megabyte;

/** Says why Debian could not be bootstrapped, in one line, with the output of the program that failed. */
export class BootstrapError extends Error {
  readonly output: readonly string[];

  constructor(message: string, output: readonly string[] = []) {
    super(message);
    this.name = 'BootstrapError';
    this.output = output;
  }
}

/**
 * Makes a minimal Debian system with debootstrap and imports it under the image name given, which it bears only when complete.
 * Needs root on a Debian family system. Throws BootstrapError, or NO_DISK_SPACE.
 */
export async function bootstrapDebian(
  engine: Engine,
  release: string,
  image: { repository: string; tag: string },
  update: (detail: string) => void,
): Promise<void> {
  const system = thisSystem();
  if (!isDebianFamily(system)) throw new BootstrapError('debootstrap is for Debian family systems only');
  if (!system.root) throw new BootstrapError('debootstrap needs root');
  await refuseForeignArchitecture(engine);
  if ((await runCommand('debootstrap', ['--version'])).missing) {
    update('installing debootstrap');
    const { installed, output } = await installPackages(['debootstrap', 'debian-archive-keyring'], update);
    if (!installed) throw full(output, '/') ?? new BootstrapError('debootstrap cannot be installed', output);
  }
  await withSystemFolder(spaceForSystem, `the ${release} base system`, async (folder) => {
    const root = path.join(folder, 'root');
    update(`debootstrap ${release}`);
    const made = await runCommand('debootstrap', ['--variant=minbase', release, root], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      onLine: (line) => update(line.replace(/^[IPW]: /, '')),
      keep: 20,
    });
    if (made.status !== 0) {
      // What dpkg and tar said stands in its log only.
      const log = await readFile(path.join(root, 'debootstrap', 'debootstrap.log'), 'utf8').catch(() => '');
      const output = [...plainLines(log).slice(-10), ...made.output];
      const disk = path.dirname(folder);
      if (await isFull(folder)) throw noDiskSpace(disk, 'the base system', { output });
      throw full(output, disk) ?? new BootstrapError(`debootstrap failed (status ${made.status})`, output);
    }
    await makeLikePublished(root);
    update('importing the system as an image');
    await importSystem(engine, root, image);
  });
}

/**
 * Makes the system behave as the published slim image does, so that what is built on it is the same on every machine:
 * no documentation, no services started while packages are installed, no package files kept.
 */
async function makeLikePublished(root: string): Promise<void> {
  const at = (...parts: string[]) => path.join(root, ...parts);
  await writeFile(at('usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  await writeFile(at('etc/dpkg/dpkg.cfg.d/docker-apt-speedup'), 'force-unsafe-io\n');
  await writeFile(
    at('etc/dpkg/dpkg.cfg.d/docker'),
    [
      'path-exclude /usr/share/doc/*',
      'path-include /usr/share/doc/*/copyright',
      ...['groff', 'info', 'linda', 'lintian', 'man'].map((name) => `path-exclude /usr/share/${name}/*`),
      'path-exclude /usr/share/locale/*',
      'path-include /usr/share/locale/locale.alias',
      '',
    ].join('\n'),
  );
  await writeFile(at('etc/apt/apt.conf.d/docker-no-languages'), 'Acquire::Languages "none";\n');
  await writeFile(
    at('etc/apt/apt.conf.d/docker-clean'),
    [
      'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };',
      'Dir::Cache::pkgcache "";',
      'Dir::Cache::srcpkgcache "";',
      '',
    ].join('\n'),
  );
  for (const name of ['groff', 'info', 'linda', 'lintian', 'man']) await empty(at('usr/share', name));
  await empty(at('usr/share/locale'), (name) => name !== 'locale.alias');
  for (const name of await readdir(at('usr/share/doc'))) {
    await empty(at('usr/share/doc', name), (file) => file !== 'copyright');
  }
  await empty(at('var/cache/apt'));
  await empty(at('var/lib/apt/lists'));
  await empty(at('var/log'), (name) => name.endsWith('.log'));
  // apt wants these back, empty.
  for (const folder of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial']) {
    await mkdir(at(folder), { recursive: true });
  }
  // The machine's own resolver and name are its own affair: the engine writes these files for each container.
  for (const file of ['etc/resolv.conf', 'etc/hostname']) await rm(at(file), { force: true });
}

async function empty(folder: string, which: (name: string) => boolean = () => true): Promise<void> {
  if (!existsSync(folder)) return;
  // A link stands for a folder of another package, which has its own turn.
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(which)) await rm(path.join(folder, name), { recursive: true, force: true });
}

async function importSystem(engine: Engine, root: string, image: { repository: string; tag: string }): Promise<void> {
  const tar = spawn(
    'tar',
    [
      '-C',
      root,
      '--numeric-owner',
      '--one-file-system',
      '--exclude=./proc/*',
      '--exclude=./sys/*',
      '--exclude=./dev/*',
      '-c',
      '.',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: systemEnvironment() },
  );
  const release = endWithThisProcess(tar);
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', resolve);
  });
  // Looked at below; until then it must not count as unhandled.
  ended.catch(() => undefined);
  try {
    let id: string | undefined;
    for await (const event of engineEvents(await engine.docker.importImage(tar.stdout))) {
      if (event.error !== undefined) throw new Error(event.error);
      if (event.status?.startsWith('sha256:')) id = event.status;
    }
    const status = await ended;
    if (status !== 0) throw new Error(`tar failed (status ${status})`);
    if (id === undefined) throw new Error('the engine names no image');
    await engine.docker.getImage(id).tag({ repo: image.repository, tag: image.tag });
  } catch (error) {
    tar.kill();
    const message = engineMessage(error);
    throw full([message], engine.rootDirectory ?? 'the engine') ?? new BootstrapError(`the import failed: ${message}`);
  } finally {
    release();
  }
}

async function refuseForeignArchitecture(engine: Engine): Promise<void> {
  const { Arch } = (await engine.docker.version()) as { Arch?: string };
  const names: Partial<Record<string, string>> = { amd64: 'x64', '386': 'ia32' };
  if (Arch !== undefined && (names[Arch] ?? Arch) !== process.arch) {
    throw new BootstrapError(`the engine runs on ${Arch}, this machine is ${process.arch}`);
  }
}

function full(output: readonly string[], folder: string): Error | undefined {
  return saysDiskFull(output.join('\n')) ? noDiskSpace(folder, 'the base system', { output }) : undefined;
}
