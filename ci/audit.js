#!/usr/bin/env node
// An audit for a pipeline: what it is asked comes from the environment, so that no text of a pipeline’s author, of a
// branch or of a pull request is ever part of a command line that a shell reads. Plain JavaScript without dependencies.
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.js';

const DEFAULT_REPORT_DIRECTORY = 'relayproof-report';
const wrongUsage = 64;
const inconclusive = 2;

/** A list: a JSON array of strings, or an entry a line. */
export function listOf(text = '') {
  if (text.trimStart().startsWith('[')) {
    try {
      const list = JSON.parse(text);
      if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list.filter((one) => one !== '');
    } catch {
      // A name may begin with a bracket, too.
    }
  }
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

export const reportDirectoryOf = (environment) => resolve(environment.AUDIT_REPORT_DIR || DEFAULT_REPORT_DIRECTORY);

/** The words behind `relayproof`, each as it is: options, then `--`, then folders, which are never taken for options. */
export function wordsOf(environment) {
  const single = { mode: 'MODE', image: 'IMAGE', sendmail: 'SENDMAIL', baseline: 'BASELINE', gate: 'GATE' };
  const several = { suite: 'SUITE', attempt: 'ATTEMPT' };
  return [
    'audit',
    ...Object.entries(single).flatMap(([option, name]) => {
      const value = environment[`AUDIT_${name}`];
      return value ? [`--${option}=${value}`] : [];
    }),
    ...Object.entries(several).flatMap(([option, name]) =>
      listOf(environment[`AUDIT_${name}`]).map((value) => `--${option}=${value}`),
    ),
    ...listOf(environment.AUDIT_OPTIONS),
    `--report-dir=${reportDirectoryOf(environment)}`,
    '--',
    // As a path, so that a folder called like a bundled configuration is not taken for that.
    ...listOf(environment.AUDIT_FOLDER).map((folder) => resolve(folder)),
  ];
}

/** What a step of GitHub Actions hands on; the mark is one that no value can hold. */
export function outputLines(outputs, mark = randomUUID()) {
  return Object.entries(outputs)
    .map(([name, value]) => `${name}<<${mark}\n${value}\n${mark}\n`)
    .join('');
}

/** Tells one state of a file from another; undefined where there is none. */
function stateOf(file) {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return undefined;
  }
}

/** What came of the run. A report that was there before, from a cache or a commit, is none of this run. */
export function outputsOf(directory, before) {
  const report = join(directory, 'report.json');
  const state = stateOf(report);
  const written = state !== undefined && state !== before;
  const sarif = join(directory, 'report.sarif');
  return {
    verdict: written ? JSON.parse(readFileSync(report, 'utf8')).verdict : '',
    'report-dir': written ? directory : '',
    sarif: written && stateOf(sarif) !== undefined ? sarif : '',
  };
}

async function run(words) {
  try {
    return await runProgram(words);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return inconclusive;
  }
}

/** The status of the whole: what wrote no report has proved nothing, whatever the words were that led there. */
export const statusOf = (status, { verdict }) => (status === 0 && verdict === '' ? inconclusive : status);

async function audit(environment) {
  if (listOf(environment.AUDIT_FOLDER).length === 0 && !environment.AUDIT_IMAGE) {
    process.stderr.write('relayproof: no folder is named.\nName a copy of /etc/mail as folder, or an image.\n');
    return wrongUsage;
  }
  return await run(wordsOf(environment));
}

async function main(environment) {
  const directory = reportDirectoryOf(environment);
  const before = stateOf(join(directory, 'report.json'));
  const ended = await audit(environment);
  const outputs = outputsOf(directory, before);
  const status = statusOf(ended, outputs);
  if (status !== ended) {
    process.stderr.write('relayproof: there is no report, so that nothing is proved.\n');
  }
  if (environment.GITHUB_OUTPUT) {
    appendFileSync(environment.GITHUB_OUTPUT, outputLines({ status, ...outputs }));
  }
  return status;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.env);
}
