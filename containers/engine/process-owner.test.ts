import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Owner, ownerState, parseOwner, startTimeIn, thisOwner } from './process-owner.ts';

const here: Owner = { pid: 1, startedAt: 5, boot: 'boot-a', pidNamespace: 'pid:[1]', hostname: 'box' };
const table = (startedAt: number | null, exists = true) => ({ exists: () => exists, startedAt: () => startedAt });

describe('ownerState', () => {
  it.each<[string, Partial<Owner>, ReturnType<typeof table>, string]>([
    ['the process is there', {}, table(5), 'alive'],
    ['its number is of a later process', {}, table(6), 'dead'],
    ['it is gone', {}, table(null, false), 'dead'],
    ['the system does not tell start times', { startedAt: null }, table(null), 'alive'],
    ['this machine has been restarted', { boot: 'boot-b' }, table(5), 'dead'],
    ['another machine', { boot: 'boot-b', hostname: 'other' }, table(5), 'elsewhere'],
    ['a container of this machine', { pidNamespace: 'pid:[2]', hostname: 'other' }, table(null, false), 'elsewhere'],
  ])('%s', (_, change, processes, state) => {
    expect(ownerState({ ...here, ...change }, here, processes)).toBe(state);
  });

  it('goes by the host name where there is no boot id', () => {
    const mac: Owner = { ...here, boot: null, pidNamespace: null, startedAt: null };
    expect(ownerState(mac, mac, table(null))).toBe('alive');
    expect(ownerState({ ...mac, hostname: 'other' }, mac, table(null))).toBe('elsewhere');
  });

  it('sees real processes live and die', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const owner = { ...thisOwner(), pid: child.pid ?? 0, startedAt: null };
    expect(ownerState(owner)).toBe('alive');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(ownerState(owner)).toBe('dead');
    expect(ownerState(thisOwner())).toBe('alive');
    expect(ownerState({ ...thisOwner(), pid: spawnSync('true').pid })).toBe('dead');
  });
});

it('reads the start time behind a name with spaces and brackets', () => {
  const tail = ['S', ...Array.from({ length: 18 }, (_, index) => index), 4711, 0].join(' ');
  expect(startTimeIn(`42 (a) b (c)) ${tail}\n`)).toBe(4711);
  expect(startTimeIn('42 (x) S 1')).toBeNull();
});

it('reads back what it writes, and nothing else', () => {
  expect(parseOwner(JSON.stringify(here))).toEqual(here);
  for (const text of [
    undefined,
    '',
    'x',
    'null',
    '[]',
    '{"pid":"1","hostname":"box"}',
    '{"pid":-1,"hostname":"box"}',
  ]) {
    expect(parseOwner(text)).toBeUndefined();
  }
});
