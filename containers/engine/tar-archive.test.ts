import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { packTar } from './tar-archive.ts';

const file = (path: string, text: string, executable = false) => ({ path, content: Buffer.from(text), executable });
const tar = (archive: Buffer, ...args: string[]) => spawnSync('tar', args, { input: archive, encoding: 'utf8' });

describe('packTar', () => {
  const long = `${'folder/'.repeat(20)}${'n'.repeat(90)}.txt`;

  it('makes what tar reads', () => {
    const archive = packTar([
      file('Dockerfile', 'FROM x\n'),
      file('bin/run', '#!/bin/sh\n', true),
      file(long, 'é'.repeat(600)),
    ]);
    const { stdout, status } = tar(archive, '-tvf', '-');
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^-rw-r--r-- 0\/0 +7 1970.* Dockerfile$/);
    expect(lines[1]).toMatch(/^-rwxr-xr-x 0\/0 +10 .* bin\/run$/);
    expect(lines[2]).toContain(long);
    expect(tar(archive, '-xOf', '-', 'Dockerfile').stdout).toBe('FROM x\n');
    expect(tar(archive, '-xOf', '-', long).stdout).toBe('é'.repeat(600));
  });

  it.each(['/etc/passwd', '../x', 'a/../../x', '', 'a//b', 'x'.repeat(101)])('refuses the path %j', (path) => {
    expect(() => packTar([file(path, '')])).toThrow(RangeError);
  });
});
