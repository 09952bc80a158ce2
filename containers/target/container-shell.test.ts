import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { quoted } from './container-shell.ts';

describe('a quoted word', () => {
  test.each([
    ['', "''"],
    ['plain', "'plain'"],
    ["it's", "'it'\\''s'"],
    ["''", "''\\'''\\'''"],
    ['$(reboot) `reboot` "x" \\ ;&|<>', '\'$(reboot) `reboot` "x" \\ ;&|<>\''],
  ])('%j is %s', (word, text) => {
    expect(quoted(word)).toBe(text);
  });

  test('is one word to a shell, and the same', () => {
    const words = [
      '',
      "it's",
      "'",
      "''x'",
      '$HOME',
      '`id`',
      '$(id)',
      'a b\tc\nd',
      '\\',
      "\\'",
      '*',
      '~',
      '-n',
      '!x',
      'ü€',
    ];
    const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\001' ${words.map(quoted).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(printed.split('\u0001').slice(0, -1)).toEqual(words);
  });
});
