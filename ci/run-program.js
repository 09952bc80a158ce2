// Runs relayproof for a pipeline or a hook.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/relayproof.js', import.meta.url));

/**
 * Its exit status, or that of a shell for a signal. Rejects if it cannot be started.
 * @param {readonly string[]} words
 */
export function runProgram(words) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
    // A pipeline that is cancelled signals this process: the run cleans up, and ends by itself.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', fail);
    child.once('close', (status, signal) => done(status ?? 128 + constants.signals[signal]));
  });
}
