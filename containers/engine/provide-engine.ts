import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { Failure } from '../../audit/failure.ts';
import { installPackages } from './apt.ts';
import { noDiskSpace, saysDiskFull } from './disk-space.ts';
import { accepts, defaultSocket } from './engine-socket.ts';
import { withFileLock } from './file-lock.ts';
import { dockerHostSilent, type Engine, findEngine } from './find-engine.ts';
import { installAdvice, isDebianFamily, osReleaseIds, type System } from './install-advice.ts';
import { type Progress, runStep } from './progress.ts';
import { runCommand } from './run-command.ts';
import { type DaemonOptions, startDaemon } from './start-daemon.ts';

const step = 'container engine';

/**
 * Installs (Debian family, as root) and starts an engine where there is none, and finds it. Only one process at a time does so.
 * Throws NO_ENGINE with the commands for this system elsewhere, and where DOCKER_HOST names an engine that does not answer.
 */
export async function provideEngine(
  progress: Progress,
  { system = thisSystem(), daemon = {} }: { system?: System; daemon?: DaemonOptions } = {},
): Promise<Engine> {
  const dockerHost = process.env.DOCKER_HOST;
  if (dockerHost) throw dockerHostSilent(dockerHost);
  await refuseWithoutAccess(daemon.socket ?? defaultSocket, system);
  if (!system.root || !isDebianFamily(system)) {
    throw new Failure('NO_ENGINE', 'No container engine answers on this machine', installAdvice(system));
  }
  return await withFileLock(
    'engine',
    async () => {
      // The one that this process waited for may have done it all.
      if (await accepts(daemon.socket ?? defaultSocket)) {
        progress({ step, state: 'done', detail: 'provided by another process' });
      } else {
        if (!(await isInstalled())) await install(progress);
        await runStep(
          progress,
          step,
          (update) => startDaemon(daemon, update),
          (how) => `started (${how})`,
        );
      }
      if (daemon.socket !== undefined) process.env.DOCKER_HOST = `unix://${daemon.socket}`;
      return await findEngine();
    },
    {
      onWait: (pid) => progress({ step, state: 'start', detail: `waiting for process ${pid}, which provides it` }),
    },
  );
}

/** What this process runs on. */
export function thisSystem(): System {
  const file = ['/etc/os-release', '/usr/lib/os-release'].find(existsSync);
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    ids: file === undefined ? [] : osReleaseIds(readFileSync(file, 'utf8')),
  };
}

async function isInstalled(): Promise<boolean> {
  return !(await runCommand('dockerd', ['--version'])).missing;
}

async function install(progress: Progress): Promise<void> {
  await runStep(
    progress,
    step,
    async (update) => {
      update('installing docker.io');
      // Without ca-certificates the daemon trusts no registry.
      const { installed, output } = await installPackages(['docker.io', 'iptables', 'ca-certificates'], update);
      if (installed) return;
      if (saysDiskFull(output.join('\n'))) throw noDiskSpace('/', 'installing docker.io', { output });
      throw new Failure(
        'NO_ENGINE',
        'No container engine answers on this machine, and docker.io cannot be installed',
        'See what apt-get says, install an engine yourself, or set DOCKER_HOST to a running one.',
        { output },
      );
    },
    () => 'installed docker.io from this system’s packages',
  );
}

/** A running engine that this user may not speak to needs a group, not an installation. */
async function refuseWithoutAccess(socket: string, system: System): Promise<void> {
  if (system.root || !existsSync(socket)) return;
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
  } catch {
    throw new Failure(
      'NO_ENGINE',
      `This user may not use the container engine at ${socket}`,
      'Join its group and log in again: sudo usermod -aG docker "$USER". Or run as root.',
    );
  }
}
