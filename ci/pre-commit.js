#!/usr/bin/env node
// The hook for pre-commit: audits the folders that changed files lie in. Called with options, `--` and file names, which
// pre-commit puts last. Plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.js';

const wrongUsage = 64;

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that was removed with its last file.
    return [];
  }
}

/** Whether sendmail's files are here: a folder below, such as m4 or tls, belongs to the one above. */
const isConfiguration = (folder) =>
  namesIn(folder).some((name) => ['sendmail.mc', 'sendmail.cf', 'relayproof.yaml'].includes(name));
const hasMacroFile = (folder) => namesIn(folder).some((name) => name.endsWith('.mc'));

/** The folder of a configuration that a file belongs to; undefined if it is part of none below `root`. */
export function configurationOf(file, root) {
  const above = [];
  for (
    let folder = dirname(resolve(root, file));
    `${folder}${sep}`.startsWith(`${root}${sep}`);
    folder = dirname(folder)
  ) {
    above.push(folder);
  }
  return above.find(isConfiguration) ?? above.find(hasMacroFile);
}

/** Options and file names; undefined where nothing tells them apart. */
export function takeApart(words) {
  const end = words.indexOf('--');
  return end < 0 ? undefined : { options: words.slice(0, end), files: words.slice(end + 1) };
}

/** Where git keeps its own things: a report there is neither tracked nor in the way. */
function reportDirectory() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--absolute-git-dir'], { encoding: 'utf8' });
  return join(status === 0 ? stdout.replace(/\n$/, '') : '.git', 'relayproof-report');
}

async function main(words) {
  const taken = takeApart(words);
  if (taken === undefined) {
    process.stderr.write(
      'relayproof: nothing tells options from file names.\nIn .pre-commit-config.yaml, end args with "--": args: [--attempt, core, --]\n',
    );
    return wrongUsage;
  }
  const root = process.cwd();
  const folders = new Set(taken.files.map((file) => configurationOf(file, root)).filter((one) => one !== undefined));
  if (folders.size === 0) {
    process.stdout.write('No changed file is part of a sendmail configuration.\n');
    return 0;
  }
  const chosen = taken.options.some((word) => word === '--report-dir' || word.startsWith('--report-dir='));
  const report = chosen ? [] : [`--report-dir=${reportDirectory()}`];
  return await runProgram(['audit', ...taken.options, ...report, '--', ...folders]);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
