import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFileCommands } from '../tests/composite-action.ts';
import { listOf, outputLines, outputsOf, statusOf, wordsOf } from './audit.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayproof-ci-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a list', () => {
  test.each([
    ['nothing', undefined, []],
    ['empty lines', '\n \n', []],
    ['lines', 'a b\r\nc;d\n', ['a b', 'c;d']],
    ['JSON', '["a\\nb", "", "c"]', ['a\nb', 'c']],
    ['empty JSON', '[]', []],
    ['a name that begins like JSON', '[ab]', ['[ab]']],
    ['JSON of something else', '[1]', ['[1]']],
  ])('is %s', (_what, text, list) => expect(listOf(text)).toEqual(list));
});

describe('the words of the audit', () => {
  test('have folders last and as paths, behind what ends the options', () => {
    expect(wordsOf({ AUDIT_FOLDER: '--help\nboth', AUDIT_REPORT_DIR: 'r' })).toEqual([
      'audit',
      `--report-dir=${resolve('r')}`,
      '--',
      resolve('--help'),
      resolve('both'),
    ]);
  });

  test('have every option as one word with its value, and the report’s folder as the last of them', () => {
    const words = wordsOf({
      AUDIT_IMAGE: 'mail:1',
      AUDIT_MODE: '--help',
      AUDIT_SENDMAIL: '8.17',
      AUDIT_SUITE: '["a b"]',
      AUDIT_ATTEMPT: 'core\nnmap',
      AUDIT_BASELINE: 'known holes.json',
      AUDIT_GATE: 'new',
      AUDIT_OPTIONS: '--report-dir\nelsewhere',
    });
    expect(words).toEqual([
      'audit',
      '--mode=--help',
      '--image=mail:1',
      '--sendmail=8.17',
      '--baseline=known holes.json',
      '--gate=new',
      '--suite=a b',
      '--attempt=core',
      '--attempt=nmap',
      '--report-dir',
      'elsewhere',
      `--report-dir=${resolve('relayproof-report')}`,
      '--',
    ]);
  });
});

test('outputs are read back as they were, whatever is in them', () => {
  const outputs = { status: '1', 'report-dir': '/a\nstatus=0\nb<<c', verdict: '' };
  expect(readFileCommands(outputLines(outputs))).toEqual(outputs);
  expect(outputLines({ a: 1 })).not.toBe(outputLines({ a: 1 }));
});

describe('a report', () => {
  const none = { verdict: '', 'report-dir': '', sarif: '' };
  const before = () => outputsOf(folder, undefined);

  test('that is not there is none', () => expect(before()).toEqual(none));

  test('that was written is one of this run, with what lies beside it', () => {
    const file = join(folder, 'report.json');
    writeFileSync(file, '{"verdict":"compliant"}');
    const fresh = { verdict: 'compliant', 'report-dir': folder, sarif: '' };
    expect(before()).toEqual(fresh);
    writeFileSync(join(folder, 'report.sarif'), '{}');
    expect(before()).toEqual({ ...fresh, sarif: join(folder, 'report.sarif') });
  });

  test('is what makes a run green', () => {
    expect([statusOf(0, none), statusOf(0, { verdict: 'compliant' }), statusOf(64, none), statusOf(1, none)]).toEqual([
      2, 0, 64, 1,
    ]);
  });
});
