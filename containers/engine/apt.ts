import { runCommand } from './run-command.ts';

export type AptResult = { installed: boolean; output: readonly string[] };

/** Installs Debian packages with the lists as they are now on the mirror; `update` hears each line. Needs root. */
export async function installPackages(packages: readonly string[], update: (line: string) => void): Promise<AptResult> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt may be at work (a fresh machine updates itself): wait for it.
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  // One dead third-party source fails the whole update, and the packages may well come from another: go on.
  const lists = await runCommand('apt-get', [...wait, 'update'], { env, onLine: update, keep: 15 });
  const install = await runCommand('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], {
    env,
    onLine: update,
    keep: 30,
  });
  return {
    installed: install.status === 0,
    output: lists.status === 0 ? install.output : [...lists.output, ...install.output],
  };
}
