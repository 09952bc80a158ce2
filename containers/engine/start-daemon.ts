import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../audit/failure.ts';
import { megabyte, noDiskSpace, requireDiskSpace, saysDiskFull } from './disk-space.ts';
import { answers, defaultSocket } from './engine-socket.ts';
import { plainLines } from './plain-text.ts';
import { runCommand, systemEnvironment } from './run-command.ts';

/** How the engine's daemon is started; everything has the engine's own default. */
export type DaemonOptions = {
  /** Path of the Unix socket that it listens on. */
  socket?: string;
  dataRoot?: string;
  extraArguments?: readonly string[];
  logFile?: string;
  /** How long it may take until it answers, in milliseconds (60,000). */
  deadlineMs?: number;
};

const defaultDataRoot = '/var/lib/docker';
const spaceForDaemon = 50 * megabyte;
const defaultPidFile = '/var/run/docker.pid';

/**
 * Starts the installed daemon and waits until it answers: through systemd where that runs, else by itself and for good.
 * Throws NO_ENGINE with the end of its log if it ends or stays silent.
 */
export async function startDaemon(options: DaemonOptions, update: (detail: string) => void): Promise<string> {
  const custom = options.socket !== undefined || options.dataRoot !== undefined || options.extraArguments !== undefined;
  if (!custom && existsSync('/run/systemd/system')) return await startWithSystemd(options.deadlineMs ?? 60_000, update);
  return await spawnDaemon(options, update);
}

async function startWithSystemd(deadlineMs: number, update: (detail: string) => void): Promise<string> {
  update('systemctl start docker');
  const start = await runCommand('systemctl', ['start', 'docker']);
  const until = Date.now() + deadlineMs;
  while (start.status === 0 && Date.now() < until) {
    if (await answers(defaultSocket)) return 'with systemd';
    await delay(100);
  }
  const journal = await runCommand('journalctl', ['-u', 'docker', '-n', '30', '--no-pager', '-o', 'cat']);
  throw daemonFailed('The Docker daemon does not start (systemctl start docker)', [...start.output, ...journal.output]);
}

async function spawnDaemon(options: DaemonOptions, update: (detail: string) => void): Promise<string> {
  const { socket = defaultSocket, dataRoot, extraArguments = [], deadlineMs = 60_000 } = options;
  await requireDiskSpace(dataRoot ?? defaultDataRoot, spaceForDaemon, 'the container engine');
  const logFile = options.logFile ?? path.join(writableLogFolder(), 'relayproof-dockerd.log');
  if (socket === defaultSocket) removeStalePidFile(defaultPidFile);
  const log = openSync(logFile, 'w', 0o600);
  const args = [
    '-H',
    `unix://${socket}`,
    ...(dataRoot === undefined ? [] : ['--data-root', dataRoot]),
    ...extraArguments,
  ];
  update(`dockerd, log in ${logFile}`);
  // In a session of its own: Ctrl-C here must not end an engine that others may use by then.
  const daemon = spawn('dockerd', args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: systemEnvironment({ DOCKER_HOST: '' }),
  });
  closeSync(log);
  let ended: string | undefined;
  daemon.once('error', (error) => {
    ended = error.message;
  });
  daemon.once('exit', (status, signal) => {
    ended = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
  });
  daemon.unref();
  const until = Date.now() + deadlineMs;
  while (ended === undefined && Date.now() < until) {
    if (await answers(socket)) return `log in ${logFile}`;
    await delay(100);
  }
  if (ended === undefined) daemon.kill('SIGTERM');
  const why = ended ?? `did not answer within ${Math.round(deadlineMs / 1000)} s`;
  throw daemonFailed(`The Docker daemon does not start: dockerd ${why} (log in ${logFile})`, tail(logFile), dataRoot);
}

function daemonFailed(message: string, output: readonly string[], dataRoot = defaultDataRoot): Failure {
  const text = output.join('\n');
  if (saysDiskFull(text)) return noDiskSpace(dataRoot, 'the container engine', { output });
  const advice = /iptables|nf_tables|ip6tables/i.test(text)
    ? 'Its firewall rules are refused. Try: update-alternatives --set iptables /usr/sbin/iptables-legacy'
    : /permission denied|operation not permitted|cgroup/i.test(text)
      ? 'This machine does not let it (an unprivileged container?). Set DOCKER_HOST to an engine outside, or run with more privileges.'
      : 'See the log lines, or set DOCKER_HOST to another engine.';
  return new Failure('NO_ENGINE', message, advice, { output });
}

function tail(file: string): string[] {
  try {
    const lines = plainLines(readFileSync(file, 'utf8'));
    // What follows a crash is the state of the program, of any length: the reason stands before it.
    const crash = lines.findIndex((line) => /^(?:panic|fatal error|unexpected fault|SIG[A-Z]+):/.test(line));
    return crash === -1 ? lines.slice(-20) : lines.slice(Math.max(0, crash - 10), crash + 5);
  } catch {
    return [];
  }
}

function writableLogFolder(): string {
  try {
    accessSync('/var/log', constants.W_OK);
    return '/var/log';
  } catch {
    return os.tmpdir();
  }
}

/** The daemon refuses to start when the number in its file is of any living process, which after a restart is often another. */
function removeStalePidFile(file: string): void {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim());
    const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    if (command !== 'dockerd') rmSync(file, { force: true });
  } catch {
    // No file or no such process: the daemon deals with both.
  }
}
