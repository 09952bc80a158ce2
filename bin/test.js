#!/usr/bin/env node
// Runs everything that `npm test` stands for, one step after another, and adds vitest's own counts up.
// Arguments choose steps by name; none: all of them.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cannotRun, provideDependencies, requireNode, SetupError } from './dependencies.js';

const projectFolder = fileURLToPath(new URL('../', import.meta.url)).replace(/[\\/]$/, '');
const tool = (name) => join(projectFolder, 'node_modules', '.bin', name);
const tests = ['run', '--config', 'tests/vitest.config.ts', '--project'];

/** `counts`: the step is vitest's, and its results are added up. */
const steps = [
  { name: 'lint', what: 'lint and format', command: tool('biome'), words: ['ci', '.'] },
  { name: 'types', what: 'types', command: tool('tsc'), words: ['-p', '.'] },
  { name: 'types', what: 'types of the page’s program', command: tool('tsc'), words: ['-p', 'reports/html/browser'] },
  { name: 'unit', what: 'unit tests', command: tool('vitest'), words: [...tests, 'unit'], counts: true },
  {
    name: 'browser',
    what: 'the page in Chromium',
    command: tool('vitest'),
    words: [...tests, 'browser'],
    counts: true,
  },
  {
    name: 'suites',
    what: 'the audit of all bundled configurations',
    command: tool('vitest'),
    words: ['run'],
    counts: true,
  },
  {
    name: 'lab',
    what: 'tests of the harness in the lab',
    command: tool('vitest'),
    words: [...tests, 'lab'],
    counts: true,
  },
];

function run(command, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd: projectFolder, stdio: ['ignore', 'inherit', 'inherit'] });
    // The children get the signals of a terminal themselves; a signal to this process alone is passed on.
    const pass = (signal) => child.kill(signal);
    process.on('SIGTERM', pass);
    process.on('SIGINT', () => {});
    child.once('error', reject);
    child.once('close', (status, signal) => {
      process.off('SIGTERM', pass);
      resolve(signal === null ? status : signal);
    });
  });
}

async function countsOf(file) {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(await readFile(file, 'utf8'));
  // A file that cannot be imported has no tests, and has failed all the same.
  const empty = testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length;
  return { passed: numPassedTests, failed: numFailedTests + empty };
}

async function main() {
  requireNode();
  await provideDependencies(projectFolder);
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    process.stderr.write(
      `npm test: there is no step ${unknown}; the steps are ${steps.map((step) => step.name).join(', ')}\n`,
    );
    return 64;
  }
  const folder = await mkdtemp(join(tmpdir(), 'relayproof-test-'));
  let passed = 0;
  let failed = 0;
  const wrong = [];
  try {
    for (const { name, what, command, words, counts } of steps) {
      if (wanted.length > 0 && !wanted.includes(name)) {
        continue;
      }
      process.stdout.write(`\n== ${name}: ${what}\n`);
      const file = join(folder, `${name}.json`);
      const reporters = counts ? ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`] : [];
      const status = await run(command, [...words, ...reporters]);
      if (counts) {
        const result = await countsOf(file).catch(() => ({ passed: 0, failed: 1 }));
        passed += result.passed;
        failed += result.failed;
      }
      if (status !== 0) {
        wrong.push(`${name} (${status})`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(wrong.length === 0 ? '\nAll steps passed.\n' : `\nFailed: ${wrong.join(', ')}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return wrong.length === 0 && failed === 0 && (passed > 0 || wanted.length > 0) ? 0 : 1;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = error instanceof SetupError ? cannotRun : 1;
  },
);
