import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFileLock } from './file-lock.ts';
import { thisOwner } from './process-owner.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lock-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const lockFile = () => path.join(folder, `relayproof-${process.getuid?.() ?? 'user'}-image.lock`);

it('lets one at a time through and leaves nothing behind', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await delay(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withFileLock('image', work, { folder, pollMs: 2 })));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

it('takes over from a dead process, by one only', async () => {
  const dead = { ...thisOwner(), pid: spawnSync('true').pid };
  writeFileSync(lockFile(), JSON.stringify(dead));
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} in`);
    await delay(5);
    order.push(`${name} out`);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => withFileLock('image', work(name), { folder, pollMs: 2 })));
  expect(order).toHaveLength(6);
  for (let index = 0; index < order.length; index += 2) {
    expect(order[index + 1]).toBe(order[index]?.replace('in', 'out'));
  }
});

it('takes over a lock that names nobody', async () => {
  writeFileSync(lockFile(), 'garbage');
  await expect(withFileLock('image', async () => 1, { folder, pollMs: 2 })).resolves.toBe(1);
});

it('waits for a live process and says so once', async () => {
  writeFileSync(lockFile(), JSON.stringify({ ...thisOwner(), pid: process.ppid, startedAt: null }));
  const waits: number[] = [];
  const later = withFileLock('image', async () => 2, { folder, pollMs: 2, onWait: (pid) => waits.push(pid) });
  await delay(30);
  expect(waits).toEqual([process.ppid]);
  rmSync(lockFile());
  await expect(later).resolves.toBe(2);
});

it('releases the lock when the work fails', async () => {
  const failing = withFileLock('image', () => Promise.reject(new Error('no')), { folder });
  await expect(failing).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});
