import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideDependencies, requireNode } from './dependencies.js';

describe('requireNode', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('takes %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });
  it.each(['18.20.4', '20.18.3', '8.0.0'])('refuses %s and says what is needed', (version) => {
    expect(() => requireNode(version)).toThrow('needs Node.js 20.19 or newer');
  });
});

describe('provideDependencies', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'dependencies-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (name, content) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), JSON.stringify(content));
  };

  it('leaves an installed package alone, which has no lock file', async () => {
    expect(await provideDependencies(folder)).toBe(false);
  });

  it('accepts what npm has installed before, and remembers it', async () => {
    const packages = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } };
    write('package-lock.json', { packages: { '': {}, ...packages } });
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
    write('node_modules/a/package.json', {});
    expect(await provideDependencies(folder)).toBe(false);
    const stamp = path.join(folder, 'node_modules', '.relayproof-dependencies');
    expect(readFileSync(stamp, 'utf8')).toMatch(/^[0-9a-f]{64} /);
    // From then on the stamp is enough.
    rmSync(path.join(folder, 'node_modules', '.package-lock.json'));
    expect(await provideDependencies(folder)).toBe(false);
  });
});
