#!/usr/bin/env node
// Plain JavaScript without dependencies up to the point where they are known to be there.
import { fileURLToPath } from 'node:url';
import { cannotRun, provideDependencies, requireNode, SetupError } from './dependencies.js';
import { loadProgram } from './program.js';

const projectFolder = fileURLToPath(new URL('../', import.meta.url)).replace(/[\\/]$/, '');

/** The exit status of a run that came to no verdict. Node's own for a crash would mean a violation. */
const inconclusive = 2;

process.exitCode = inconclusive;
// Until a run answers signals itself, one ends the process in order, so that what it has started can be ended too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(inconclusive));
// A reader that has seen enough, such as head, closes the pipe, and a terminal may be closed: no reason to crash, and
// where there are containers, they have to be removed still.
process.stderr.on('error', () => {});
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY)) return;
  process.stderr.write(`Standard output cannot be written (${error.code ?? error.message}).\n`);
  process.exit(cannotRun);
});
let ended = false;
// With nothing left to wait for, Node would end here without a word.
process.once('beforeExit', () => {
  if (!ended)
    process.stderr.write('relayproof ended without a result, which is a mistake of its own. Please report it.\n');
});
start().then(
  (status) => {
    ended = true;
    process.exitCode = status;
  },
  (error) => {
    const known = error instanceof SetupError;
    process.stderr.write(`${known ? error.message : (error?.stack ?? error)}\n`);
    process.exit(known ? cannotRun : inconclusive);
  },
);

async function start() {
  requireNode();
  await provideDependencies(projectFolder);
  const { main } = await loadProgram(projectFolder);
  return await main(process.argv.slice(2));
}
