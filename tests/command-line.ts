/** Runs the command line as a user does, in a process of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const project = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

export type Ended = { status: number | null; stdout: string; stderr: string };

export function start(words: string[], options: { environment?: NodeJS.ProcessEnv; project?: string } = {}) {
  const folder = options.project ?? project;
  const child = spawn(process.execPath, [`${folder}/bin/relayproof.js`, ...words], {
    cwd: folder,
    // Vitest marks its own processes in the environment; a user's has none of that.
    env: { ...withoutVitest(process.env), NO_COLOR: '1', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ended: whenEnded(child) };
}

export function withoutVitest(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|RELAYPROOF_|FORCE_COLOR$)/.test(name)),
  );
}

function whenEnded(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

/** Waits until the process has said something on standard error. */
export function untilItSays(child: ChildProcess, words: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      said += chunk;
      if (words.test(said)) {
        resolve();
      }
    });
    child.once('close', () => reject(new Error(`it ended without saying ${words}: ${said}`)));
  });
}

/** Containers and networks of runs of this project, by name. */
export async function left(): Promise<string[]> {
  const label = 'label=org.relayproof.run';
  const things = await Promise.all([
    run('docker', ['ps', '-a', '--filter', label, '--format', '{{.Names}}']),
    run('docker', ['network', 'ls', '--filter', label, '--format', '{{.Name}}']),
  ]);
  return things.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line !== ''));
}
